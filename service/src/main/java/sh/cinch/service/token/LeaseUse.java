package sh.cinch.service.token;

/** What an access token is shown to: each wants it in a form of its own. */
public enum LeaseUse {
  API,
  /** Over HTTPS. */
  GIT
}
