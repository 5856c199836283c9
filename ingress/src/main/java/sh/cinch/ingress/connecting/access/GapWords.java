package sh.cinch.ingress.connecting.access;

import java.util.OptionalInt;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Repositories.Gap;

/** Says what of a listing is missing, why, and what to do. */
final class GapWords {

  private static final String STAYS =
      " This is a fault of Bitbucket's answer: if it is still so tomorrow, tell its support.";

  private GapWords() {}

  static String of(Gap gap) {
    return switch (gap) {
      case Gap.Unlisted(String name, var uuid, ForgeResult<?> why) ->
          "The workspace %s could not be read whole, so repositories of it may be missing here: %s"
              .formatted(name, because(name, why));
      case Gap.OddRepositories(String name, var uuid, int count) ->
          "In the list of the workspace %s %s not be read and %s missing here."
                  .formatted(
                      name,
                      count == 1 ? "one repository could" : count + " repositories could",
                      count == 1 ? "is" : "are")
              + STAYS;
      case Gap.OddWorkspaces(int count) ->
          (count == 1
                  ? "One of your workspaces could not be read, and its repositories are missing"
                      + " here."
                  : "%d of your workspaces could not be read, and their repositories are missing here."
                      .formatted(count))
              + STAYS;
    };
  }

  private static String because(String name, ForgeResult<?> why) {
    return switch (why) {
      case ForgeResult.Refused<?>(Cause cause, OptionalInt status, String reason)
          when cause == Cause.FORBIDDEN ->
          answered(status, reason)
              + " Open the workspace on Bitbucket. If you see its repositories there, ask an administrator of %s whether it restricts apps or addresses; otherwise you have no access any more."
                  .formatted(name);
      case ForgeResult.Refused<?>(Cause cause, OptionalInt status, String reason)
          when cause == Cause.NOT_FOUND ->
          answered(status, reason)
              + " You may have left it just now: look at it on Bitbucket, then load this page"
              + " again.";
      case ForgeResult.Refused<?>(Cause cause, OptionalInt status, String reason) ->
          answered(status, reason) + " Look at the workspace on Bitbucket.";
      case ForgeResult.Later<?> later -> unanswered(later.reason());
      case ForgeResult.Unclear<?> unclear -> unanswered(unclear.reason());
      case ForgeResult.NotBegun<?> notBegun -> unanswered("it was not asked");
      case ForgeResult.Done<?> done -> throw new IllegalArgumentException("nothing is missing");
    };
  }

  private static String answered(OptionalInt status, String reason) {
    return "Bitbucket answered %d (%s).".formatted(status.orElse(0), reason);
  }

  private static String unanswered(String reason) {
    return "Bitbucket did not answer as it should (%s). Try again in a minute.".formatted(reason);
  }
}
