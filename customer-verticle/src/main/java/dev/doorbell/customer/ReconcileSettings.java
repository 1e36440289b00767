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
    private static final String KINDS =
            DriftKind.REPAIRABLE.stream().map(DriftKind::label).collect(Collectors.joining(","));

    private static final Setting<Integer> INTERVAL_MS = Setting.integer(
            "IDENTITY_RECONCILE_INTERVAL_MS",
            3_600_000,
            0,
            604_800_000,
            "milliseconds, 0 for never",
            "how often customers are compared with the identity provider's users");
    private static final Setting<Set<DriftKind>> REPAIR = Setting.of(
            "IDENTITY_RECONCILE_REPAIR",
            NONE,
            "none, all or some of " + KINDS,
            "what of it is repaired; the rest is told",
            ReconcileSettings::kinds);
    private static final Setting<Integer> PAGE_SIZE = Setting.integer(
            "IDENTITY_RECONCILE_PAGE_SIZE", 100, 2, 500, "users", "how many users or customers are read at once");
    private static final Setting<Integer> CALLS_PER_S_MAX = Setting.integer(
            "IDENTITY_RECONCILE_CALLS_PER_S_MAX",
            20,
            1,
            1_000,
            "calls a second",
            "at most so many are made for it, one after the other");

    static final List<Setting<?>> SETTINGS = List.of(INTERVAL_MS, REPAIR, PAGE_SIZE, CALLS_PER_S_MAX);

    /** What cannot be read is told by the environment's check, later. */
    static ReconcileSettings read(Environment environment) {
        Integer intervalMs = environment.get(INTERVAL_MS);
        Set<DriftKind> repair = environment.get(REPAIR);
        Integer pageSize = environment.get(PAGE_SIZE);
        Integer callsPerSecondMax = environment.get(CALLS_PER_S_MAX);
        if (intervalMs == null || repair == null || pageSize == null || callsPerSecondMax == null) {
            return null;
        }
        return new ReconcileSettings(
                intervalMs == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(intervalMs)),
                new ReconcileIdentities.Options(repair, pageSize, callsPerSecondMax));
    }

    ReconcileIdentities.Options repairing(Set<DriftKind> kinds) {
        return new ReconcileIdentities.Options(kinds, options.pageSize(), options.callsPerSecondMax());
    }

    /** @throws IllegalArgumentException saying what is wrong with the text */
    static Set<DriftKind> kinds(String text) {
        if (NONE.equals(text)) {
            return Set.of();
        }
        if (ALL.equals(text)) {
            return DriftKind.REPAIRABLE;
        }
        Set<DriftKind> kinds = EnumSet.noneOf(DriftKind.class);
        for (String label : text.split(",", -1)) {
            kinds.add(DriftKind.REPAIRABLE.stream()
                    .filter(kind -> kind.label().equals(label.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("is not none, all or a list of " + KINDS)));
        }
        return kinds;
    }
}
