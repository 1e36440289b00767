package dev.doorbell.system.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;

/**
 * What a run does, all of it drawn from one seed: how many instances, which load, and which faults when. Equal seeds and
 * lengths give equal timetables; what the system makes of them is up to its threads.
 *
 * @param keycloak whether customers have users in Keycloak, which has faults too
 * @param clients calls of the load in flight at most
 * @param perSecond registrations
 * @param load how long they are sent; all faults lie within
 */
record Timetable(
        long seed,
        int customers,
        int payments,
        boolean keycloak,
        int clients,
        double perSecond,
        Duration load,
        List<Planned> faults) {
    static final int FAULTS_MIN = 2;
    static final int FAULTS_MAX = 4;
    static final Duration LOAD_MIN = Duration.ofSeconds(10);
    /** The load goes before the first fault and goes on after the last one for so long. */
    static final Duration MARGIN = Duration.ofMillis(1_500);
    /** A JVM or a server needs so long to be back; until then a fault that needs it would meet nothing. */
    static final Duration RETURN = Duration.ofSeconds(8);

    private static final int CLIENTS_MIN = 6;
    private static final int CLIENTS_MAX = 16;
    private static final int PER_SECOND_MIN = 15;
    private static final int PER_SECOND_MAX = 40;
    private static final Duration HEAPED_LOAD_MIN = Duration.ofSeconds(45);
    private static final int HEAP_ONE_IN = 4;
    private static final int ATTEMPTS_MAX = 10_000;

    /** Those with more to draw from stand twice. */
    private static final List<Function<Draw, Fault>> FAMILIES = List.of(
            ServiceFault::draw,
            ServiceFault::draw,
            ServerFault::draw,
            ServerFault::draw,
            LinkFault::draw,
            LinkFault::draw,
            FailpointFault::draw,
            FailpointFault::draw,
            RecordFault::draw,
            SessionFault::draw);

    /** Of a world with Keycloak: one of these comes first, and the others are as likely as all above. */
    private static final List<Function<Draw, Fault>> KEYCLOAK_FAMILIES = List.of(
            KeycloakFault::draw,
            KeycloakFault::draw,
            AnswerFault::draw,
            AnswerFault::draw,
            LinkFault::drawToKeycloak,
            FailpointFault::drawOfIdentities);
    /** Each registration costs some five requests to Keycloak more. */
    private static final int KEYCLOAK_PER_SECOND_MIN = 6;

    private static final int KEYCLOAK_PER_SECOND_MAX = 14;

    /** @param at since the begin of the load */
    record Planned(Duration at, Fault fault) {
        Duration end() {
            return at.plus(fault.lasts());
        }
    }

    Timetable {
        faults = List.copyOf(faults);
    }

    /** Without Keycloak. @param load at least {@link #LOAD_MIN} */
    static Timetable draw(long seed, Duration load) {
        return draw(seed, load, false);
    }

    /** @param load at least {@link #LOAD_MIN} */
    static Timetable draw(long seed, Duration load, boolean keycloak) {
        if (load.compareTo(LOAD_MIN) < 0) {
            throw new IllegalArgumentException("a run has at least " + LOAD_MIN + " of load, not " + load);
        }
        Random random = new Random(seed);
        int customers = 1 + random.nextInt(World.INSTANCES_MAX);
        int payments = 1 + random.nextInt(World.INSTANCES_MAX);
        Draw draw = new Draw(random, customers, payments, load);
        int clients = (int) draw.number(CLIENTS_MIN, CLIENTS_MAX);
        double perSecond = keycloak
                ? draw.number(KEYCLOAK_PER_SECOND_MIN, KEYCLOAK_PER_SECOND_MAX)
                : draw.number(PER_SECOND_MIN, PER_SECOND_MAX);
        int count = (int) draw.number(FAULTS_MIN, FAULTS_MAX);
        // Half of the longer runs have their faults in a heap, so that they meet more often than by chance.
        boolean heaped = random.nextBoolean() && load.compareTo(HEAPED_LOAD_MIN) >= 0;
        Duration within = heaped ? load.dividedBy(HEAP_ONE_IN) : load;
        List<Planned> faults = new ArrayList<>();
        for (int attempt = 0; faults.size() < count; attempt++) {
            if (attempt == ATTEMPTS_MAX) {
                throw new IllegalStateException("seed " + seed + " has no room for its faults");
            }
            boolean ofKeycloak = keycloak && (faults.isEmpty() || random.nextBoolean());
            Fault fault = draw.pick(ofKeycloak ? KEYCLOAK_FAMILIES : FAMILIES).apply(draw);
            long earliest = MARGIN.toMillis();
            long latest = Math.min(load.minus(MARGIN).minus(fault.lasts()).toMillis(), within.toMillis());
            Planned planned = new Planned(draw.millis(earliest, Math.max(latest, earliest)), fault);
            if (planned.end().plus(MARGIN).compareTo(load) <= 0
                    && faults.stream().noneMatch(other -> collide(planned, other))) {
                faults.add(planned);
            }
        }
        faults.sort(Comparator.comparing(Planned::at));
        return new Timetable(seed, customers, payments, keycloak, clients, perSecond, load, faults);
    }

    private static boolean collide(Planned one, Planned other) {
        boolean sameKind = one.fault().kind().equals(other.fault().kind());
        boolean sameTarget = one.fault().target().equals(other.fault().target());
        return sameKind || sameTarget && overlap(one, other) || robs(one, other) || robs(other, one);
    }

    private static boolean overlap(Planned one, Planned other) {
        return one.at().compareTo(other.end().plus(RETURN)) < 0
                && other.at().compareTo(one.end().plus(RETURN)) < 0;
    }

    /** Whether the one has taken away what the other needs when it begins. The other way about is welcome. */
    private static boolean robs(Planned one, Planned other) {
        return other.fault().needs().contains(one.fault().target())
                && one.at().compareTo(other.at()) <= 0
                && other.at().compareTo(one.end().plus(RETURN)) < 0;
    }

    /** How many registrations are sent when nothing holds up the clients. */
    long planned() {
        return (long) (perSecond * load.toMillis() / 1_000);
    }

    /**
     * How many faults must hit, or the run was not the mix that was drawn: two, but those that may miss are not counted
     * on. One in any case.
     */
    int hitsMin() {
        long sure =
                faults.stream().filter(planned -> !planned.fault().mayMiss()).count();
        return (int) Math.max(1, Math.min(FAULTS_MIN, sure));
    }

    /** One line a fault. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "seed %d: %d customer and %d payment service(s), 2 relays%s; %.0f registrations/s by %d clients for %d s%n",
                seed,
                customers,
                payments,
                keycloak ? ", Keycloak" : "",
                perSecond,
                clients,
                load.toSeconds()));
        faults.forEach(planned -> text.append(line(planned)).append(System.lineSeparator()));
        return text.toString();
    }

    private static String line(Planned planned) {
        return String.format(
                        Locale.ROOT,
                        "  %5.1f s to %5.1f s  %-36s %-22s %s",
                        planned.at().toMillis() / 1000.0,
                        planned.end().toMillis() / 1000.0,
                        planned.fault().kind(),
                        planned.fault().target(),
                        planned.fault().details())
                .stripTrailing();
    }
}
