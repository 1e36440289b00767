package dev.doorbell.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.localstack.FaultProxy.Direction;
import dev.doorbell.system.faults.Timetable.Planned;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimetableTest {
    private static final Duration LOAD = Duration.ofSeconds(60);
    private static final int SEEDS = 2_000;

    @Test
    void sameSeedGivesSameTimetable() {
        for (long seed = 0; seed < 100; seed++) {
            assertThat(Timetable.draw(seed, LOAD))
                    .hasToString(Timetable.draw(seed, LOAD).toString());
            assertThat(Timetable.draw(seed, LOAD, true))
                    .hasToString(Timetable.draw(seed, LOAD, true).toString());
        }
    }

    /** Written down once: a seed from a report must mean the same on another machine, and after a change elsewhere. */
    @Test
    void seedMeansTheSameEverywhere() {
        assertThat(Timetable.draw(42, LOAD).toString()).isEqualToNormalizingNewlines("""
                seed 42: 2 customer and 1 payment service(s), 2 relays; 34 registrations/s by 12 clients for 60 s
                    4.6 s to   5.4 s  broker-kill                          broker
                    4.8 s to   8.5 s  postgres-stop                        postgres
                    9.8 s to  11.0 s  freeze                               customer-2             SIGSTOP, then SIGCONT
                """);
    }

    @Test
    void otherSeedsGiveOtherTimetables() {
        assertThat(all().map(Timetable::toString).distinct()).hasSize(SEEDS);
    }

    @Test
    void hasTwoToFourFaultsAndAllNumbersComeUp() {
        assertThat(both().map(timetable -> timetable.faults().size()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(2, 3, 4);
    }

    @Test
    void faultsLieWithinTheLoadInTheOrderOfTheirTimes() {
        both().forEach(timetable -> {
            assertThat(timetable.faults()).extracting(Planned::at).isSorted();
            assertThat(timetable.faults()).allSatisfy(planned -> {
                assertThat(planned.at()).isGreaterThanOrEqualTo(Timetable.MARGIN);
                assertThat(planned.end()).isLessThanOrEqualTo(LOAD.minus(Timetable.MARGIN));
            });
        });
    }

    @Test
    void faultsOfOneTargetNeverOverlapAndFindWhatTheyNeed() {
        both().forEach(timetable -> {
            for (Planned one : timetable.faults()) {
                for (Planned other : timetable.faults()) {
                    boolean meets = one.at().compareTo(other.at()) <= 0
                            && other.at().compareTo(one.end().plus(Timetable.RETURN)) < 0;
                    if (one != other && meets) {
                        assertThat(other.fault().target())
                                .isNotEqualTo(one.fault().target());
                        assertThat(other.fault().needs())
                                .doesNotContain(one.fault().target());
                    }
                }
            }
        });
    }

    @Test
    void faultsOfAMixAreOfDifferentKinds() {
        both().forEach(timetable -> assertThat(kinds(timetable.faults())).hasSameSizeAs(timetable.faults()));
    }

    @Test
    void manyFaultsOverlap() {
        long overlapping = all().filter(timetable -> timetable.faults().stream()
                        .anyMatch(one -> timetable.faults().stream()
                                .anyMatch(other -> one != other
                                        && one.at().compareTo(other.at()) <= 0
                                        && other.at().compareTo(one.end()) < 0)))
                .count();
        assertThat(overlapping).isGreaterThan(SEEDS / 10);
    }

    /** Else nobody notices when a family is no longer drawn from, or a kind is not proven to hit and to heal. */
    @Test
    void everyKindIsDrawnAndIsInTheTimetableOfAllKinds() {
        Set<String> drawn =
                kinds(all().flatMap(timetable -> timetable.faults().stream()).toList());
        assertThat(drawn)
                .hasSizeGreaterThanOrEqualTo(26)
                .isEqualTo(kinds(EveryKind.timetable().faults()));
    }

    @Test
    void everyKindThatComesWithKeycloakIsDrawnAndIsInATimetableOfAllKinds() {
        Set<String> all = kinds(EveryKind.timetable().faults());
        all.addAll(kinds(EveryKeycloakKind.timetable().faults()));
        assertThat(kinds(withKeycloak()
                        .flatMap(timetable -> timetable.faults().stream())
                        .toList()))
                .hasSizeGreaterThanOrEqualTo(42)
                .isEqualTo(all);
    }

    /** A mix with Keycloak in which nothing happens to it would say nothing about it. */
    @Test
    void everyMixWithKeycloakHasAFaultOfItAndNoOtherHas() {
        assertThat(withKeycloak())
                .allMatch(timetable -> timetable.faults().stream().anyMatch(TimetableTest::isOfKeycloak));
        assertThat(all()).noneMatch(timetable -> timetable.faults().stream().anyMatch(TimetableTest::isOfKeycloak));
        assertThat(withKeycloak()
                        .filter(timetable -> !timetable.faults().stream().allMatch(TimetableTest::isOfKeycloak))
                        .count())
                .as("mixes that have others too")
                .isGreaterThan(SEEDS / 2);
    }

    private static boolean isOfKeycloak(Planned planned) {
        return planned.fault().kind().startsWith("failpoint-identity")
                || planned.fault().target().contains(World.KEYCLOAK);
    }

    @Test
    void longFaultsOutlastTheDeadlineOfARegistration() {
        assertThat(all().flatMap(timetable -> timetable.faults().stream())
                        .filter(planned ->
                                planned.fault().lasts().compareTo(WorldSettings.DEADLINE.multipliedBy(2)) > 0)
                        .map(planned -> planned.fault().kind()))
                .contains("freeze", "broker-freeze", "postgres-stop", "black-hole");
    }

    /** Nearly all have two that cannot miss. Those without must hit once at least. */
    @Test
    void twoFaultsMustHitWhereTwoAreSureTo() {
        Fault kill = new ServiceFault(ServiceFault.Action.KILL, "customer-1", Duration.ZERO);
        Fault latency = link(LinkFault.Action.LATENCY, "customer-1");
        Fault cut = link(LinkFault.Action.CUT_AFTER, "customer-1");
        Fault quiet = link(LinkFault.Action.LATENCY, World.STANDBY);
        assertThat(hitsMin(kill, latency)).isEqualTo(2);
        assertThat(hitsMin(kill, latency, cut, kill)).isEqualTo(2);
        assertThat(hitsMin(kill, cut)).isEqualTo(1);
        assertThat(hitsMin(quiet, cut)).isEqualTo(1);
        assertThat(all().filter(timetable -> timetable.hitsMin() == 2).count()).isGreaterThan(SEEDS * 3 / 4);
    }

    private static int hitsMin(Fault... faults) {
        List<Planned> planned = Stream.of(faults)
                .map(fault -> new Planned(Duration.ZERO, fault))
                .toList();
        return new Timetable(1, 1, 1, false, 1, 1, LOAD, planned).hitsMin();
    }

    private static Fault link(LinkFault.Action action, String service) {
        return new LinkFault(action, new Link(service, Link.Peer.KAFKA), Direction.TO_CLIENT, 1, Duration.ZERO);
    }

    @Test
    void loadThatIsTooShortForFaultsIsRefused() {
        assertThatThrownBy(() -> Timetable.draw(1, Duration.ofSeconds(5))).hasMessageContaining("at least");
    }

    @Test
    void shortRunsHaveRoomToo() {
        LongStream.range(0, SEEDS).forEach(seed -> Timetable.draw(seed, Timetable.LOAD_MIN));
        LongStream.range(0, SEEDS).forEach(seed -> Timetable.draw(seed, Timetable.LOAD_MIN, true));
    }

    private static Stream<Timetable> all() {
        return LongStream.range(0, SEEDS).mapToObj(seed -> Timetable.draw(seed, LOAD));
    }

    private static Stream<Timetable> withKeycloak() {
        return LongStream.range(0, SEEDS).mapToObj(seed -> Timetable.draw(seed, LOAD, true));
    }

    private static Stream<Timetable> both() {
        return Stream.concat(all(), withKeycloak());
    }

    private static Set<String> kinds(Collection<Planned> faults) {
        return List.copyOf(faults).stream()
                .map(planned -> planned.fault().kind())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
