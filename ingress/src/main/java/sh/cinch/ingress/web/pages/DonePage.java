package sh.cinch.ingress.web.pages;

import java.util.List;

/**
 * Something was done.
 *
 * @param left what a person has to do about it still
 * @param notes what else is good to know
 */
public record DonePage(Viewer viewer, String title, List<String> left, List<String> notes) {

  public DonePage {
    left = List.copyOf(left);
    notes = List.copyOf(notes);
  }
}
