package sh.cinch.ingress.web.pages;

/** What somebody sees who is not signed in. */
public record LandingPage(String scopeText) {}
