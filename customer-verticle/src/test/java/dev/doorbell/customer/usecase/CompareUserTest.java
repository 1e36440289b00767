package dev.doorbell.customer.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.IdentityState;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.IdentityRecord;
import dev.doorbell.customer.usecase.IdentityDirectory.DirectoryUser;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is drift, as a table. */
class CompareUserTest {
    private static final UUID CUSTOMER = new UUID(7, 7);
    private static final UUID ANOTHER = new UUID(8, 8);

    @ParameterizedTest
    @CsvSource({
        "REGISTRATION_PENDING,,true,",
        "REGISTRATION_PENDING,REQUESTED,true,",
        "REGISTRATION_PENDING,PROVISIONED,false,",
        "REGISTRATION_PENDING,PROVISIONED,true,ENABLED_EARLY",
        "REGISTRATION_PENDING,ENABLING,true,",
        "REGISTRATION_SUCCESS,ENABLED,true,",
        "REGISTRATION_SUCCESS,ENABLED,false,",
        "REGISTRATION_FAILED,,true,ORPHANED",
        "REGISTRATION_FAILED,REMOVING,true,",
        "REGISTRATION_FAILED,REMOVED,false,ORPHANED",
        "REGISTRATION_FAILED,REFUSED,true,ORPHANED"
    })
    void aUserOfOurs(RegistrationStatus status, IdentityState state, boolean enabled, DriftKind kind) {
        DirectoryUser user = new DirectoryUser("u", "ada", enabled, Optional.of(CUSTOMER));
        assertThat(CompareUser.ofUser(user, Optional.of(row(status, state)))).isEqualTo(Optional.ofNullable(kind));
    }

    @Test
    void aUserOfNoCustomerIsOfAnUnknownOneAndAnotherThanTheOneOnRecordIsASecondOne() {
        DirectoryUser user = new DirectoryUser("v", "ada", true, Optional.of(CUSTOMER));
        assertThat(CompareUser.ofUser(user, Optional.empty())).contains(DriftKind.UNKNOWN_CUSTOMER);
        assertThat(CompareUser.ofUser(
                        user, Optional.of(row(RegistrationStatus.REGISTRATION_SUCCESS, IdentityState.ENABLED))))
                .contains(DriftKind.SECOND_USER);
        assertThat(CompareUser.ofUser(
                        user, Optional.of(row(RegistrationStatus.REGISTRATION_SUCCESS, IdentityState.ENABLING))))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(IdentityState.class)
    void onlyASuccessAtRestNeedsAUser(IdentityState state) {
        boolean atRest =
                state == IdentityState.ENABLED || state == IdentityState.REMOVED || state == IdentityState.REFUSED;
        assertThat(CompareUser.needsUser(row(RegistrationStatus.REGISTRATION_SUCCESS, state)))
                .isEqualTo(atRest);
        assertThat(CompareUser.needsUser(row(RegistrationStatus.REGISTRATION_FAILED, state)))
                .isFalse();
        assertThat(CompareUser.needsUser(row(RegistrationStatus.REGISTRATION_PENDING, state)))
                .isFalse();
    }

    @Test
    void aCustomerOfTheTimeWithoutAProviderNeedsNone() {
        IdentityRecord row = new IdentityRecord(
                CUSTOMER,
                "ada",
                RegistrationStatus.REGISTRATION_SUCCESS,
                IdentityOutcome.NOT_REQUIRED,
                null,
                null,
                null,
                null);
        assertThat(CompareUser.needsUser(row)).isFalse();
    }

    @Test
    void aCustomer() {
        DirectoryUser itsOwn = new DirectoryUser("u", "ada", true, Optional.of(CUSTOMER));
        DirectoryUser disabled = new DirectoryUser("u", "ada", false, Optional.of(CUSTOMER));
        DirectoryUser unmarked = new DirectoryUser("u", "ada", true, Optional.empty());
        DirectoryUser renamed = new DirectoryUser("u", "eve", true, Optional.empty());
        DirectoryUser others = new DirectoryUser("u", "ada", true, Optional.of(ANOTHER));
        DirectoryUser stranger = new DirectoryUser("v", "ada", true, Optional.empty());
        DirectoryUser successor = new DirectoryUser("v", "ada", true, Optional.of(CUSTOMER));
        assertThat(customer(itsOwn, null)).isEmpty();
        assertThat(customer(disabled, null)).contains(DriftKind.DISABLED);
        assertThat(customer(unmarked, null)).contains(DriftKind.ATTRIBUTE_LOST);
        assertThat(customer(renamed, null)).contains(DriftKind.MISSING);
        assertThat(customer(others, others)).contains(DriftKind.NAME_TAKEN);
        assertThat(customer(null, null)).contains(DriftKind.MISSING);
        assertThat(customer(null, successor)).contains(DriftKind.MISSING);
        assertThat(customer(null, stranger))
                .as("the name alone does not make it ours")
                .contains(DriftKind.NAME_TAKEN);
    }

    private static Optional<DriftKind> customer(DirectoryUser recorded, DirectoryUser named) {
        return CompareUser.ofCustomer(
                row(RegistrationStatus.REGISTRATION_SUCCESS, IdentityState.ENABLED),
                Optional.ofNullable(recorded),
                Optional.ofNullable(named));
    }

    private static IdentityRecord row(RegistrationStatus status, IdentityState state) {
        return new IdentityRecord(
                CUSTOMER,
                "ada",
                status,
                IdentityOutcome.PROVISIONED,
                state,
                state == null ? null : "u",
                state == null ? null : 1L,
                state == null ? null : OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC));
    }
}
