package dev.doorbell.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.system.faults.history.Evidence;
import dev.doorbell.system.faults.history.Evidence.User;
import dev.doorbell.system.faults.history.Invariants;
import dev.doorbell.system.faults.history.Realm;
import dev.doorbell.system.faults.history.Violation;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What may befall Keycloak and the work on users, all of it once; and then the checker on users that somebody has changed. */
class KeycloakFaultsIT {
    @Test
    void everyKindOfKeycloakFaultHitsAndHealsAndNothingIsViolated() {
        Timetable timetable = EveryKeycloakKind.timetable();
        System.out.println(timetable);
        try (World world = World.start(true)) {
            MixResult result = Mix.run(world, timetable);
            System.out.println(result.line());
            result.faults().forEach(outcome -> System.out.println("  " + outcome));
            if (!result.violations().isEmpty()) {
                System.out.println("kept in " + Kept.keep(world, result));
            }
            assertThat(result.violations()).isEmpty();
            assertThat(result.faults().stream()
                            .filter(outcome -> !outcome.hit())
                            .map(outcome -> outcome.fault().kind()))
                    .as("faults that did not hit")
                    .isEmpty();
            assertThat(world.stop()).as("services that did not stop in order").isEmpty();

            tellLies(world);

            assertThat(Invariants.check(world.evidence(), world.calls().calls(), Mix.expectations(world, result)))
                    .extracting(Violation::invariant)
                    .contains(
                            "success-has-one-user",
                            "failure-has-no-user",
                            "users-belong-to-customers",
                            "strangers-are-untouched",
                            "identity-work-is-done");
        }
    }

    private static void tellLies(World world) {
        Realm realm = world.keycloak().orElseThrow().realm();
        Evidence evidence = world.evidence();
        List<User> ours = evidence.users().stream()
                .filter(user -> user.customerId() != null)
                .toList();
        UUID failed = evidence.customerRows().stream()
                .filter(row -> row.status().equals("REGISTRATION_FAILED"))
                .findFirst()
                .orElseThrow()
                .id();
        realm.remove(ours.get(0).id());
        realm.disable(ours.get(1).id());
        realm.addUserOf(failed.toString(), "leftbehind");
        realm.addUserOf(UUID.randomUUID().toString(), "orphan");
        realm.disable(evidence.users().stream()
                .filter(user -> user.username().equals(Keycloak.STRANGER))
                .findFirst()
                .orElseThrow()
                .id());
    }
}
