package dev.doorbell.customer.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.customer.domain.RegistrationSaga.Kind;
import dev.doorbell.customer.domain.RegistrationSaga.Participant;
import dev.doorbell.customer.domain.RegistrationSaga.Step;
import dev.doorbell.customer.messaging.IdentityRequests;
import dev.doorbell.customer.messaging.PaymentReplies;
import dev.doorbell.messages.EventTypes;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The saga's table is complete, and the code does what it says. */
class RegistrationSagaTest {
    private static final Map<String, Step> BY_NAME =
            RegistrationSaga.STEPS.stream().collect(Collectors.toMap(Step::name, Function.identity()));

    @Test
    void everyCompensableStepHasACompensationAndNoOtherStepHas() {
        for (Step step : RegistrationSaga.STEPS) {
            if (step.kind() == Kind.COMPENSABLE) {
                assertThat(BY_NAME).as(step.name()).containsKey(step.compensation());
                assertThat(BY_NAME.get(step.compensation()).kind()).isEqualTo(Kind.COMPENSATION);
                assertThat(BY_NAME.get(step.compensation()).participant()).isEqualTo(step.participant());
            } else {
                assertThat(step.compensation()).as(step.name()).isNull();
            }
        }
    }

    @Test
    void everyCompensationUndoesSomeStep() {
        Set<String> used =
                RegistrationSaga.STEPS.stream().map(Step::compensation).collect(Collectors.toSet());
        assertThat(RegistrationSaga.STEPS)
                .filteredOn(step -> step.kind() == Kind.COMPENSATION)
                .extracting(Step::name)
                .isSubsetOf(used);
    }

    @Test
    void thereIsOnePivotBehindWhatCanBeCompensatedAndBeforeWhatIsRepeated() {
        List<Kind> kinds = RegistrationSaga.STEPS.stream()
                .map(Step::kind)
                .filter(kind -> kind != Kind.COMPENSATION)
                .toList();
        assertThat(kinds)
                .containsExactly(Kind.COMPENSABLE, Kind.COMPENSABLE, Kind.COMPENSABLE, Kind.PIVOT, Kind.RETRIABLE);
    }

    @Test
    void everyEventOfTheSagaIsAppendedBySomeStepAndEveryTriggerIsAnEventOfAnother() {
        Set<String> appended = RegistrationSaga.STEPS.stream()
                .flatMap(step -> step.events().stream())
                .collect(Collectors.toSet());
        assertThat(appended).isEqualTo(eventTypes());
        for (Step step : RegistrationSaga.STEPS) {
            assertThat(step.triggers()).as(step.name()).isSubsetOf(appended);
            assertThat(step.events()).as(step.name()).noneMatch(step.triggers()::contains);
        }
    }

    @Test
    void theServiceHandlesWhatTheTableSaysThatItActsOn() {
        assertThat(new PaymentReplies(null).handlers().keySet())
                .isEqualTo(RegistrationSaga.triggersOf(Participant.CUSTOMER));
        assertThat(new IdentityRequests(null).handlers().keySet())
                .isEqualTo(RegistrationSaga.triggersOf(Participant.IDENTITY));
    }

    @Test
    void theTransitionsAppendWhatTheTableSays() {
        assertThat(eventsOfTransitionsTo(RegistrationStatus.REGISTRATION_SUCCESS))
                .isEqualTo(BY_NAME.get("approve registration").events());
        assertThat(eventsOfTransitionsTo(RegistrationStatus.REGISTRATION_FAILED))
                .isEqualTo(BY_NAME.get("reject registration").events());
        assertThat(eventsOfTransitionsTo(RegistrationStatus.REGISTRATION_PENDING))
                .isEmpty();
    }

    private static Set<String> eventsOfTransitionsTo(RegistrationStatus status) {
        return RegistrationTransitions.TABLE.stream()
                .filter(transition -> transition.to() == status)
                .flatMap(transition -> transition.events().stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> eventTypes() {
        return Arrays.stream(EventTypes.class.getFields())
                .map(RegistrationSagaTest::constant)
                .collect(Collectors.toSet());
    }

    private static String constant(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
