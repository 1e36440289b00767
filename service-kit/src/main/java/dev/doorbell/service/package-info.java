/**
 * What every service needs around its work. {@link dev.doorbell.service.Service} tells the story of a start:
 * settings from the environment, one line and exit 1 where something is wrong, an orderly stop and exit 0 on SIGTERM.
 */
package dev.doorbell.service;
