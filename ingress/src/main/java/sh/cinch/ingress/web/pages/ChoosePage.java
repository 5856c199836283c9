package sh.cinch.ingress.web.pages;

import java.util.List;

/**
 * Which repositories to connect.
 *
 * @param search what the names are narrowed to; empty for all
 * @param more how many the search leaves besides
 * @param total how many there are without the search
 * @param missing what could not be read, and why
 */
public record ChoosePage(
    Viewer viewer, String search, List<Choice> choices, int more, int total, List<String> missing) {

  /** One that the viewer administers. */
  public record Choice(String fullName, boolean isPrivate, boolean connected) {}
}
