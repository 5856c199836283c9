package sh.cinch.ingress.web.pages;

/**
 * Signed in as one account, consented as another: which is it to be?
 *
 * @param viewer signed in now
 * @param other name of who consented
 */
public record AccountPage(Viewer viewer, String other) {}
