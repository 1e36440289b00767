package dev.doorbell.customer;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.usecase.ReconcileIdentities;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Setting;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How customers are compared with the identity provider's users.
 *
 * @param interval between the end of a comparison and the next one; empty for none but by command
 * @param options of those by schedule
 */
record ReconcileSettings(Optional<Duration> interval, ReconcileIdentities.Options options) {
    private static final String NONE = "none";
    private static final String ALL = "all";
    private static final String KINDS = labels(DriftKind.REPAIRABLE);
    private static final Set<DriftKind> EVERY = EnumSet.allOf(DriftKind.class);
    private static final String EVERY_KIND = labels(EVERY);

    private static final Setting<Integer> INTERVAL_MS = Setting.integer(
            "IDENTITY_RECONCILE_INTERVAL_MS",
            3_600_000,
            0,
            604_800_000,
            "milliseconds, 0 for never",
            "how often customers are compared with the identity provider's users");
    private static final Setting<Set<DriftKind>> REPAIR = Setting.of(
            "IDENTITY_RECONCILE_REPAIR",
            DriftKind.ORPHANED.label(),
            "none, or a list of all," + KINDS,
            "what of it is repaired; the rest is told",
            ReconcileSettings::repairs);
    private static final Setting<Set<DriftKind>> EXPECTED = Setting.of(
            "IDENTITY_RECONCILE_EXPECTED",
            NONE,
            "none, or a list of " + EVERY_KIND,
            "what may be left without a check that is degraded",
            ReconcileSettings::expected);
    private static final Setting<Integer> PAGE_SIZE = Setting.integer(
            "IDENTITY_RECONCILE_PAGE_SIZE", 100, 2, 500, "users", "how many users or customers are read at once");
    private static final Setting<Integer> CALLS_PER_S_MAX = Setting.integer(
            "IDENTITY_RECONCILE_CALLS_PER_S_MAX",
            20,
            1,
            1_000,
            "calls a second",
            "at most so many are made for it, one after the other");

    static final List<Setting<?>> SETTINGS = List.of(INTERVAL_MS, REPAIR, EXPECTED, PAGE_SIZE, CALLS_PER_S_MAX);

    /** What cannot be read is told by the environment's check, later. */
    static ReconcileSettings read(Environment environment) {
        Integer intervalMs = environment.get(INTERVAL_MS);
        Set<DriftKind> repair = environment.get(REPAIR);
        Set<DriftKind> expected = environment.get(EXPECTED);
        Integer pageSize = environment.get(PAGE_SIZE);
        Integer callsPerSecondMax = environment.get(CALLS_PER_S_MAX);
        if (intervalMs == null || repair == null || expected == null || pageSize == null || callsPerSecondMax == null) {
            return null;
        }
        return new ReconcileSettings(
                intervalMs == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(intervalMs)),
                new ReconcileIdentities.Options(repair, expected, pageSize, callsPerSecondMax));
    }

    ReconcileIdentities.Options repairing(Set<DriftKind> kinds) {
        return new ReconcileIdentities.Options(
                kinds, options.expected(), options.pageSize(), options.callsPerSecondMax());
    }

    /** @throws IllegalArgumentException saying what is wrong with the text */
    static Set<DriftKind> repairs(String text) {
        if (NONE.equals(text)) {
            return Set.of();
        }
        Set<DriftKind> kinds = EnumSet.noneOf(DriftKind.class);
        for (String label : text.split(",", -1)) {
            if (label.strip().equals(ALL)) {
                kinds.addAll(DriftKind.ALL_REPAIRS);
            } else {
                kinds.add(kind(label, DriftKind.REPAIRABLE)
                        .orElseThrow(() -> new IllegalArgumentException("is not none or a list of all," + KINDS)));
            }
        }
        return kinds;
    }

    private static Set<DriftKind> expected(String text) {
        if (NONE.equals(text)) {
            return Set.of();
        }
        Set<DriftKind> kinds = EnumSet.noneOf(DriftKind.class);
        for (String label : text.split(",", -1)) {
            kinds.add(kind(label, EVERY)
                    .orElseThrow(() -> new IllegalArgumentException("is not none or a list of " + EVERY_KIND)));
        }
        return kinds;
    }

    private static Optional<DriftKind> kind(String label, Set<DriftKind> among) {
        return among.stream().filter(kind -> kind.label().equals(label.strip())).findFirst();
    }

    private static String labels(Set<DriftKind> kinds) {
        return kinds.stream().map(DriftKind::label).collect(Collectors.joining(","));
    }
}
