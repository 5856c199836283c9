package sh.cinch.tokenservice.acquire;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.tokenservice.credential.Stored;

/** The answer to a credential that was handed in. */
public sealed interface Acquisition {

  record Held(Stored stored) implements Acquisition {}

  /**
   * The forge does not take it, and would not if it were sent again.
   *
   * @param why what is wrong and what to do, for the person who gave it
   */
  record Refused(String why) implements Acquisition {}

  record NotNow(String why) implements Acquisition {}

  /**
   * What the forge's answer about a credential makes of it.
   *
   * @param hold keeps the one that the forge knows
   * @param refusal says why one is not taken, for the person who gave it
   * @param later what to do where the forge cannot say now
   */
  static <T> Acquisition of(
      ForgeResult<T> shown, Function<T, Stored> hold, UnaryOperator<String> refusal, String later) {
    return switch (shown) {
      case ForgeResult.Done<T> done -> new Held(hold.apply(done.value()));
      case ForgeResult.Refused<T> refused -> new Refused(refusal.apply(refused.reason()));
      case ForgeResult.Later<T> rejected when rejected.isRejected() ->
          new Refused(refusal.apply(rejected.reason()));
      case ForgeResult.Later<T> busy when busy.cause() == Cause.RATE_LIMIT ->
          new NotNow(busy.reason() + "." + later);
      case ForgeResult.Later<T> away -> noAnswer(away.reason(), later);
      case ForgeResult.Unclear<T> lost -> noAnswer(lost.reason(), later);
      case ForgeResult.NotBegun<T> none -> throw new IllegalStateException("a probe always begins");
    };
  }

  /** Addresses and exceptions are for operators. */
  private static Acquisition noAnswer(String reason, String later) {
    LoggerFactory.getLogger(Acquisition.class)
        .warn("no usable answer about a credential: {}", reason);
    return new NotNow("Bitbucket gave no usable answer." + later);
  }
}
