package dev.doorbell.loadtests;

/**
 * What a simulation is told on the command line, as system properties.
 *
 * @param baseUrl of the customer service
 * @param ratePerS new users per second (open model)
 * @param durationS seconds at that rate
 */
record Settings(String baseUrl, double ratePerS, int durationS) {
    private static final String QUICKSTART = "http://127.0.0.1:9990";
    private static final double RATE_MAX = 100_000;
    private static final int DURATION_MAX_S = 86_400;

    /** @throws IllegalArgumentException naming the setting that is wrong */
    static Settings read(double defaultRatePerS) {
        return of(
                System.getProperty("baseUrl", QUICKSTART),
                System.getProperty("rate", String.valueOf(defaultRatePerS)),
                System.getProperty("duration", "60"));
    }

    static Settings of(String baseUrl, String rate, String duration) {
        if (!baseUrl.matches("https?://[^/\\s]+/?")) {
            throw new IllegalArgumentException("-DbaseUrl is an address such as " + QUICKSTART + ", not " + baseUrl);
        }
        double ratePerS = number("-Drate", rate);
        double durationS = number("-Dduration", duration);
        if (ratePerS <= 0 || ratePerS > RATE_MAX) {
            throw new IllegalArgumentException("-Drate is users per second, more than 0 and at most " + RATE_MAX);
        }
        if (durationS < 1 || durationS > DURATION_MAX_S) {
            throw new IllegalArgumentException("-Dduration is seconds, 1 to " + DURATION_MAX_S);
        }
        return new Settings(baseUrl.replaceAll("/$", ""), ratePerS, (int) durationS);
    }

    private static double number(String name, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is a number, not " + text);
        }
    }
}
