package sh.cinch.ingress.connecting;

/** What people read about connecting and releasing, the same on pages and in the API. */
public final class Words {

  public static final String MERGE_BLOCKING =
      "Bitbucket merge blocking requires Premium. Your builds will show on PRs but won't block"
          + " merging. Upgrade Bitbucket or switch to GitHub/GitLab for merge protection.";

  public static final String OAUTH_SCOPE =
      "Cinch needs account-level access because Bitbucket doesn't support repository-scoped tokens"
          + " via API. We only access repos you connect. For tighter security, create a Repository"
          + " Access Token manually.";

  public static final String RELEASES =
      "Bitbucket doesn't have releases, only file downloads. Your artifacts are uploaded but"
          + " there's no release page. Consider using GitHub or GitLab if you need proper"
          + " releases.";

  public static final String MANUAL_WEBHOOK =
      "This token may not make webhooks, so no push arrives until you make the webhook by hand.";

  public static final String UNSIGNED =
      "Deliveries without a signature are believed here: whoever learns the webhook's address can"
          + " invent pushes. Connect the repository again without allowUnsigned to end that.";

  private Words() {}
}
