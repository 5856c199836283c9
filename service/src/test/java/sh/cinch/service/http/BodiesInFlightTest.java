package sh.cinch.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.http.RequestLimits;

class BodiesInFlightTest {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  private static final int SHARE = MIB * 3 / 2;

  private final BodiesInFlight bodies = new BodiesInFlight(8 * SHARE);

  @Test
  void anEighthIsForOneOwnerAndNoMore() {
    assertThat(bodies.of("hook:1", at(1)).take(MIB)).isTrue();

    assertThat(bodies.of("hook:1", at(2)).take(65 * KIB)).isFalse();
    assertThat(bodies.of("hook:2", at(2)).take(MIB)).isTrue();
  }

  @Test
  void anEighthIsForOneAddressWhateverItSends() {
    assertThat(bodies.of("hook:1", at(1)).take(576 * KIB)).isTrue();
    assertThat(bodies.of("hook:2", at(1)).take(576 * KIB)).isTrue();

    assertThat(bodies.of("hook:3", at(1)).take(65 * KIB)).isFalse();
    assertThat(bodies.of("hook:3", at(2)).take(65 * KIB)).isTrue();
  }

  @Test
  void aLittleOfAnOwnerIsTakenWhoeverElseSendsFromThere() {
    assertThat(bodies.of("hook:1", at(1)).take(MIB)).isTrue();

    assertThat(bodies.of("hook:2", at(1)).take(64 * KIB)).isTrue();
    assertThat(bodies.of(at(1)).take(65 * KIB)).isFalse();
  }

  @Test
  void aSmallBodyHasRoomBesideLargeOnes() {
    boolean isTaken = true;
    while (isTaken) {
      isTaken = bodies.of("hook:1", at(1)).take(65 * KIB);
    }

    assertThat(bodies.of("hook:1", at(1)).take(64 * KIB)).isTrue();
  }

  @Test
  void aSmallBodyTakesThePlaceOfTheOneThatHasBeenComingInForLongest() {
    List<String> displaced = new ArrayList<>();
    for (int i = 0; i < SHARE / BodiesInFlight.REQUEST; i++) {
      String name = "drip " + i;
      assertThat(bodies.of("hook:1", at(1)).begin(() -> displaced.add(name))).isTrue();
    }

    BodiesInFlight.Share small = bodies.of("hook:1", at(2));
    assertThat(small.begin(() -> {}) && small.take(KIB)).isTrue();
    assertThat(displaced).containsExactly("drip 0", "drip 1");
  }

  @Test
  void whereAllIsFullTheOldestOfAnybodyMakesWay() {
    List<String> displaced = new ArrayList<>();
    List<BodiesInFlight.Share> dripping = fill(displaced);
    dripping.getFirst().close();

    assertThat(begins("hook:new", 99, displaced)).isTrue();
    assertThat(displaced).isEmpty();
    assertThat(begins("hook:newer", 98, displaced)).isTrue();
    assertThat(displaced).containsExactly("1");
    assertThat(bodies.bytes()).isEqualTo(bodies.most());
  }

  @Test
  void whereAnOwnersPartIsFullTheOldestOfItsOwnMakesWay() {
    List<String> displaced = new ArrayList<>();
    assertThat(begins("hook:0", 0, displaced)).isTrue();
    for (int i = 0; i < SHARE / BodiesInFlight.REQUEST; i++) {
      assertThat(begins("hook:1", i, displaced)).isTrue();
    }
    assertThat(displaced).isEmpty();

    assertThat(begins("hook:1", 1, displaced)).isTrue();
    assertThat(displaced).containsExactly("hook:1");
  }

  @Test
  void aLargeBodyDisplacesNobody() {
    List<String> displaced = new ArrayList<>();
    for (int i = 0; i < SHARE / BodiesInFlight.REQUEST / 2; i++) {
      assertThat(begins("hook:1", 1, displaced)).isTrue();
    }
    BodiesInFlight.Share large = bodies.of("hook:1", at(1));
    assertThat(large.begin(() -> {})).isTrue();
    assertThat(large.take(SHARE / 2)).isFalse();
    assertThat(displaced).isEmpty();
  }

  @Test
  void whatMadeWayTakesNothingMoreAndIsNotHere() {
    List<String> displaced = new ArrayList<>();
    BodiesInFlight.Share first = fill(displaced).getFirst();
    assertThat(begins("hook:new", 99, displaced)).isTrue();

    assertThat(first.take(1)).isFalse();
    assertThat(first.isHere()).isFalse();
    first.close();
    assertThat(bodies.bytes()).isEqualTo(bodies.most());
    assertThat(displaced).containsExactly("0");
  }

  @Test
  void whoIsAlreadyHereOrAskedForTheRoomMakesNoWay() {
    List<String> displaced = new ArrayList<>();
    List<BodiesInFlight.Share> dripping = fill(displaced);
    assertThat(dripping.getFirst().isHere()).isTrue();
    assertThat(dripping.get(1).take(1)).isTrue();

    assertThat(displaced).containsExactly("2");
  }

  /** Requests of so many owners, none of which is at its share, that nothing is left. */
  private List<BodiesInFlight.Share> fill(List<String> displaced) {
    List<BodiesInFlight.Share> shares = new ArrayList<>();
    while (bodies.bytes() < bodies.most()) {
      String name = String.valueOf(shares.size());
      BodiesInFlight.Share share =
          bodies.of("owner " + shares.size() % 100, at(shares.size() % 100));
      assertThat(share.begin(() -> displaced.add(name))).isTrue();
      shares.add(share);
    }
    return shares;
  }

  private boolean begins(String owner, int address, List<String> displaced) {
    return bodies.of(owner, at(address)).begin(() -> displaced.add(owner));
  }

  @Test
  void nobodyDisplacesWhatOthersSendFromTheSameAddress() {
    List<String> displaced = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String name = "hook:" + i;
      BodiesInFlight.Share small = bodies.of(name, at(1));
      assertThat(small.begin(() -> displaced.add(name)) && small.take(50 * KIB)).isTrue();
    }

    BodiesInFlight.Share second = bodies.of("hook:0", at(1));
    assertThat(second.begin(() -> {}) && second.take(50 * KIB)).isTrue();
    assertThat(displaced).isEmpty();
  }

  @Test
  void whatHasComeInIsDisplacedByNothing() {
    for (int i = 0; i < SHARE / BodiesInFlight.REQUEST; i++) {
      BodiesInFlight.Share share = bodies.of("hook:1", at(1));
      assertThat(share.begin(() -> {}) && share.isHere()).isTrue();
    }

    assertThat(bodies.of("hook:1", at(2)).begin(() -> {})).isFalse();
  }

  @Test
  void allOfThemTogetherHoldWhatThereIs() {
    for (int i = 0; i < 8; i++) {
      assertThat(bodies.of("hook:" + i, at(i)).take(MIB)).isTrue();
    }

    assertThat(bodies.of("hook:9", at(9)).take(65 * KIB)).isFalse();
    assertThat(bodies.bytes()).isEqualTo(8 * MIB);
  }

  @Test
  void whatIsGivenBackIsThereForOthersOnce() {
    BodiesInFlight.Share first = bodies.of("hook:1", at(1));
    first.take(MIB);
    first.close();
    first.close();

    assertThat(bodies.bytes()).isZero();
    assertThat(bodies.of("hook:1", at(1)).take(MIB)).isTrue();
    assertThat(first.take(1)).isFalse();
  }

  @Test
  void theSmallestHeapHasRoomForEightOfTheLargest() {
    BodiesInFlight small = BodiesInFlight.ofHeap(32 * MIB);

    for (int i = 0; i < 8; i++) {
      BodiesInFlight.Share share = small.of("hook:" + i, at(i));
      assertThat(share.begin(() -> {}) && share.take(RequestLimits.DELIVERY)).isTrue();
    }
  }

  @Test
  void aSixteenthOfALargeHeapIsForBodies() {
    assertThat(BodiesInFlight.ofHeap(1024L * MIB).most()).isEqualTo(64 * MIB);
  }

  private static ClientAddress at(int last) {
    return new ClientAddress("192.0.2." + last);
  }
}
