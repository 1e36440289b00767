/**
 * One command that shows the whole system at work: real PostgreSQL and Kafka from local-stack, the three verticles in
 * this JVM, two registrations over HTTP. {@link dev.doorbell.quickstart.Quickstart} tells the story.
 */
package dev.doorbell.quickstart;
