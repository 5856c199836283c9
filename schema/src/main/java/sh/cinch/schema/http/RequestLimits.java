package sh.cinch.schema.http;

/**
 * How much a request to any of Cinch's HTTP servers may say: bodies and heads in bytes, texts in
 * characters. What is more is refused, or, in a header that decides nothing, not looked at.
 */
public final class RequestLimits {

  /** The body of a delivery. */
  public static final int DELIVERY = 1024 * 1024;

  /** A body for {@code /api/v1}: the most files a release may have; Kafka takes twice that. */
  public static final int API_BODY = 512 * 1024;

  /** A form of a page. */
  public static final int FORM = 64 * 1024;

  /** A body for the token-service. */
  public static final int INTERNAL_BODY = 64 * 1024;

  /** The first line of a request, with its address. */
  public static final int LINE = 8 * 1024;

  /** All headers of a request, and all trailers. */
  public static final int HEADERS = 16 * 1024;

  /** How many headers a request may have. */
  public static final int HEADER_COUNT = 100;

  /** How many changes of one delivery are published. */
  public static final int CHANGES = 1_000;

  /** {@code X-Event-Key}, on either side of its colon. */
  public static final int EVENT_KEY_PART = 60;

  /** {@code X-Request-UUID}. */
  public static final int REQUEST_ID = 64;

  /** {@code traceparent}: as long as version 00 always is. */
  public static final int TRACEPARENT = 55;

  /** {@code Idempotency-Key}. */
  public static final int IDEMPOTENCY_KEY = 200;

  /** Where a list goes on. */
  public static final int CURSOR = 4_000;

  /** Items of a list that are asked for at once. */
  public static final int PAGE = 200;

  /** A repository by its id or full name. */
  public static final int REPOSITORY = 200;

  /** What a page is searched for. */
  public static final int SEARCH = 200;

  /** An id in an address. */
  public static final int ID = 255;

  private RequestLimits() {}
}
