package sh.cinch.simulator.control;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Settings;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** Changes how this Bitbucket behaves; what is left out stays. */
record SettingsControl(World world) {
  private static final String EVERYBODY = "*";

  private static final String[] NAMES =
      Stream.concat(
              Arrays.stream(Settings.class.getRecordComponents()).map(RecordComponent::getName),
              Stream.of("revokeGrant"))
          .toArray(String[]::new);

  Reply change(Call call) {
    Fields fields = Fields.of(call, NAMES);
    return world.change(
        state -> {
          Settings settings = merged(state.settings(), fields);
          fields.textOrTrue("revokeGrant", EVERYBODY).ifPresent(who -> revoke(state, who));
          state.settings(settings);
          return Reply.json(200, Json.tree(settings));
        });
  }

  private static Settings merged(Settings old, Fields fields) {
    return new Settings(
        seconds(fields, "accessTokenSeconds", old.accessTokenSeconds()),
        seconds(fields, "refreshGraceSeconds", old.refreshGraceSeconds()),
        seconds(fields, "lockoutSeconds", old.lockoutSeconds()),
        fields.flag("reuseKillsGrant", old.reuseKillsGrant()),
        fields.number("hourlyLimit", 0, Integer.MAX_VALUE).orElse(old.hourlyLimit()),
        fields.number("windowSeconds", 1, Fields.LONGEST_SECONDS).orElse(old.windowSeconds()),
        fields.flag("scaledHeaders", old.scaledHeaders()),
        fields.word("dialect", Settings.Dialect.class).orElse(old.dialect()),
        fields.flag("requestUuidPerAttempt", old.requestUuidPerAttempt()),
        fields.flag("retryUnanswered", old.retryUnanswered()),
        fields.word("client", Settings.Client.class).orElse(old.client()),
        fields.flag("clientIsPrivate", old.clientIsPrivate()),
        fields.flag("lockoutHoldsClientCredentials", old.lockoutHoldsClientCredentials()),
        fields.flag("newestRefreshTokenOnly", old.newestRefreshTokenOnly()),
        fields.word("tornUploads", Settings.TornUploads.class).orElse(old.tornUploads()),
        fields.size("largestUpload").orElse(old.largestUpload()),
        fields.size("repositoryBytes").orElse(old.repositoryBytes()),
        fields.word("statusIdentity", Settings.StatusIdentity.class).orElse(old.statusIdentity()),
        innerUrl(fields).orElse(old.innerUrl()),
        fields.flag("updatedOnStays", old.updatedOnStays()));
  }

  private static Optional<String> innerUrl(Fields fields) {
    Optional<String> url = fields.text("innerUrl");
    if (url.filter(text -> !text.matches("|https?://[^/?#]+(/[^?#]*)?")).isPresent()) {
      throw new BadInput("innerUrl is an http address without a query, or empty");
    }
    return url;
  }

  private static int seconds(Fields fields, String name, int otherwise) {
    return fields.number(name, 0, Fields.LONGEST_SECONDS).orElse(otherwise);
  }

  /** What a person does under "App authorizations". */
  private static void revoke(State state, String nickname) {
    Optional<String> only =
        nickname.equals(EVERYBODY)
            ? Optional.empty()
            : Optional.of(Named.account(state, nickname)).map(Account::uuid);
    state
        .credentials()
        .revoke(grant -> only.map(uuid -> uuid.equals(grant.account())).orElse(true));
  }
}
