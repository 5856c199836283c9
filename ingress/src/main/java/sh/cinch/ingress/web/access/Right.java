package sh.cinch.ingress.web.access;

/** What a route asks of its caller. */
public enum Right {
  /** Nothing: also for those whom nobody knows. */
  NONE,

  /** A signature with a hook's secret; the webhook's own verification looks at it. */
  HOOK_SECRET,

  /** The secret of one of our services; the route itself looks at it. */
  SERVICE_SECRET,

  /** A session: the route is a page, or a form of one. */
  SESSION,

  /** To be known. What is answered is what this caller may see. */
  KNOWN,

  /** To see the repository: its readers, its runners, the operator. */
  SEE,

  /** To read the repository's git address: its runners, the operator; nobody's session. */
  CLONE,

  /** To report builds of the repository: its administrators, its runners, the operator. */
  REPORT,

  /** To administer the repository: its administrators, the operator. */
  ADMINISTER,

  /**
   * To connect a repository: a person, or the operator; that whoever connects administers it on the
   * forge is asked there.
   */
  CONNECT,

  /** To be the operator: what reaches across repositories. */
  OPERATE
}
