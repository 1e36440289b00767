package dev.doorbell.system.guards.example;

/** A product in small, whose rules {@link PurseChecks} tests and the guards of the guards remove. */
final class Purse {
    private int coins;

    void put(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("Coins are " + number + ".");
        }
        coins += number;
    }

    int coins() {
        return coins;
    }
}
