package io.weir.broker;

/**
 * What became of one limit since the broker was started.
 *
 * @param limit the limit, in its unit
 * @param used how much of it is in use now; 0 if it is not for all clients together
 * @param refused how many requests, streams or connections were refused or ended because
 * of it
 */
public record LimitStats(long limit, long used, long refused) {

}
