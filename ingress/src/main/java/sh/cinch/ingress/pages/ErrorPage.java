package sh.cinch.ingress.pages;

import java.util.Optional;

/** Something was refused, or is not there. */
public record ErrorPage(Optional<Viewer> viewer, String title, String detail) {}
