package sh.cinch.forge.call;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeResult.Done;
import sh.cinch.forge.ForgeResult.Later;
import sh.cinch.forge.ForgeResult.NotBegun;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.lease.LeaseResult;
import sh.cinch.service.lease.Leases;

/**
 * Makes calls with a credential's leases. A token that the forge rejects is reported, and the call
 * made once more with another.
 */
public final class LeasedCalls {

  private static final Duration LENDING_PAUSE = Duration.ofSeconds(10);
  private static final Duration AUTHORIZING_PAUSE = Duration.ofSeconds(15);

  private final Leases leases;
  private final UUID credential;
  private final BooleanSupplier mayBegin;

  /**
   * @param mayBegin asked right before each call; where it says no, none is made
   */
  public LeasedCalls(Leases leases, UUID credential, BooleanSupplier mayBegin) {
    this.leases = leases;
    this.credential = credential;
    this.mayBegin = mayBegin;
  }

  /**
   * @param request may be made twice
   */
  public <T> ForgeResult<T> call(Function<Lease, ForgeResult<T>> request) {
    return lease()
        .then(
            lease -> {
              ForgeResult<T> result = begin(request, lease);
              if (!result.isRejected()) {
                return result;
              }
              leases.reject(credential, lease);
              return lease().then(fresh -> begin(request, fresh));
            });
  }

  public ForgeResult<Lease> lease() {
    return switch (leases.lease(credential)) {
      case LeaseResult.Lent(Lease lease) -> new Done<>(lease, OptionalInt.empty());
      case LeaseResult.NeedsAuthorization(String reason) -> unauthorized(reason);
      case LeaseResult.Unknown() ->
          unauthorized("the repository's credential is gone: connect the repository again");
      case LeaseResult.NotNow(String reason) ->
          new Later<>(Cause.LEASE, OptionalInt.empty(), reason, LENDING_PAUSE);
    };
  }

  private <T> ForgeResult<T> begin(Function<Lease, ForgeResult<T>> request, Lease lease) {
    return mayBegin.getAsBoolean() ? request.apply(lease) : new NotBegun<>();
  }

  private static <T> ForgeResult<T> unauthorized(String reason) {
    return new Later<>(Cause.AUTHORIZATION, OptionalInt.empty(), reason, AUTHORIZING_PAUSE);
  }
}
