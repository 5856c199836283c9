package sh.cinch.ingress.connecting.upkeep;

import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.ingress.tables.records.HookUpkeepRecord;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookTrouble;
import sh.cinch.ingress.webhooks.hook.HookUrl;
import sh.cinch.ingress.webhooks.hook.Hooks;

/** Says in words how a webhook is, and what was done about it of late. */
record HookNotes(UpkeepRows rows, Hooks hooks, Addresses addresses) {

  private static final Duration LATELY = Duration.ofDays(7);

  private static final String ON_PURPOSE =
      " Somebody, or Bitbucket, had done that; whoever wants no more deliveries disconnects the"
          + " repository.";

  List<HookNote> of(Hook hook) {
    List<HookNote> notes = new ArrayList<>();
    hook.trouble()
        .ifPresent(trouble -> notes.add(now(words(hook, trouble).formatted(hook.repositoryId()))));
    if (hook.managed() && hooks.isSecretOwed(hook.id())) {
      notes.add(
          now(
              "Bitbucket has not confirmed the new secret yet. Cinch goes on telling it; the new"
                  + " one and the one before are both valid until then."));
    }
    rows.sql()
        .selectFrom(HOOK_UPKEEP)
        .where(HOOK_UPKEEP.HOOK_ID.eq(hook.id()))
        .fetchOptional()
        .ifPresent(row -> add(notes, hook, row));
    return List.copyOf(notes);
  }

  private void add(List<HookNote> notes, Hook hook, HookUpkeepRecord row) {
    addresses
        .current()
        .filter(address -> row.getAddress() != null && !row.getAddress().equals(address))
        .ifPresent(
            address -> notes.add(now(elsewhere(hook, row, new HookUrl(address, hook.id())))));
    lately(row.getRemadeAt(), "Cinch made it again on Bitbucket, where it was gone." + ON_PURPOSE)
        .ifPresent(notes::add);
    lately(row.getActivatedAt(), "Cinch switched it on again on Bitbucket." + ON_PURPOSE)
        .ifPresent(notes::add);
    lately(
            row.getCorrectedAt(),
            "Cinch set its URL, its events and its secret on Bitbucket again, which were others."
                + ON_PURPOSE)
        .ifPresent(notes::add);
    lately(
            row.getRemovedAt(),
            "Cinch removed a second one that led here too: each push was delivered twice.")
        .ifPresent(notes::add);
    lately(row.getMovedAt(), "Cinch led it to its present address.").ifPresent(notes::add);
  }

  private static String elsewhere(Hook hook, HookUpkeepRecord row, HookUrl url) {
    return hook.managed()
        ? "On Bitbucket it has the address %s still, which must lead here until Cinch has changed it."
            .formatted(row.getAddress())
        : "Cinch has another address now. Under Repository settings, Webhooks, enter the URL %s; `cinch repo secret %s` shows it again, with a new secret. Until then %s must lead here."
            .formatted(url, hook.repositoryId(), row.getAddress());
  }

  private Optional<HookNote> lately(@Nullable Instant at, String text) {
    return Optional.ofNullable(at)
        .filter(instant -> instant.isAfter(rows.now().minus(LATELY)))
        .map(instant -> new HookNote(text, Optional.of(instant)));
  }

  private static HookNote now(String text) {
    return new HookNote(text, Optional.empty());
  }

  private static String words(Hook hook, HookTrouble trouble) {
    return switch (trouble) {
      case MISSING ->
          hook.managed()
              ? "Bitbucket does not list it any more, so no push arrives. Cinch makes it again once"
                  + " two looks agree; where many repositories miss theirs it waits for hours,"
                  + " since that is an outage of Bitbucket. Whoever wants no more deliveries"
                  + " disconnects the repository."
              : "Bitbucket lists no webhook that leads here, so no push arrives. Make it under"
                  + " Repository settings, Webhooks; `cinch repo secret %s` gives the URL and a new"
                  + " secret.";
      case INACTIVE ->
          hook.managed()
              ? "It is switched off on Bitbucket, so no push arrives. Cinch switches it on again"
                  + " once a day at most: where it does not stay on, see who or what switches it"
                  + " off. Whoever wants no more deliveries disconnects the repository."
              : "It is switched off on Bitbucket, so no push arrives. Switch it on under Repository"
                  + " settings, Webhooks.";
      case CHANGED ->
          hook.managed()
              ? "It was changed on Bitbucket: it needs the event «push», the URL that Cinch gave"
                  + " it, and its secret. Cinch sets them again once a day at most: where they do"
                  + " not stay, see who or what changes them."
              : "It was changed on Bitbucket: it needs the event «push», the URL that Cinch gave"
                  + " it, and a secret. Set them under Repository settings, Webhooks; `cinch repo"
                  + " secret %s` gives a new secret.";
      case DOUBLED ->
          "There are two on Bitbucket that lead here, so each push is delivered twice. Remove one"
              + " under Repository settings, Webhooks.";
      case UNSEEN ->
          "Bitbucket does not let Cinch look at the repository's webhooks, so nobody notices should"
              + " this one be removed or switched off. Connect the repository again, with an"
              + " account that administers it or a token that has the scope webhook.";
    };
  }
}
