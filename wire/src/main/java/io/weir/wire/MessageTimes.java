package io.weir.wire;

/**
 * Between which times a message may be delivered: as times, or counted from when the
 * broker stores it, by the broker's clock.
 *
 * @param deliverAt not before this time, in milliseconds since 1970; {@link #AT_ONCE} if
 * that does not matter
 * @param deliverAfter not before so many milliseconds have passed; 0 if that does not
 * matter
 * @param expiresAt not after this time, in milliseconds since 1970; {@link #NEVER} if
 * that does not matter
 * @param expiresAfter not when so many milliseconds have passed since it could be
 * delivered; {@link #NEVER} if that does not matter
 */
public record MessageTimes(long deliverAt, long deliverAfter, long expiresAt, long expiresAfter) {

	/** The time of a message that may be delivered at once. */
	public static final long AT_ONCE = Long.MIN_VALUE;

	/** The time at which a message expires that never does. */
	public static final long NEVER = Long.MAX_VALUE;

	/** To be delivered at once, and never to expire. */
	public static final MessageTimes ANY = new MessageTimes(AT_ONCE, 0, NEVER, NEVER);

	/**
	 * Whether it is to be delivered later than at once, as far as the message says.
	 * @return whether it is
	 */
	public boolean isDelayed() {
		return this.deliverAt != AT_ONCE || this.deliverAfter > 0;
	}

	/**
	 * When it may be delivered.
	 * @param now when the broker stores it, in milliseconds since 1970
	 * @return milliseconds since 1970, or {@link #AT_ONCE}
	 */
	public long deliverAt(long now) {
		return (this.deliverAfter > 0) ? Math.max(this.deliverAt, plus(now, this.deliverAfter)) : this.deliverAt;
	}

	/**
	 * When it expires.
	 * @param now when the broker stores it, in milliseconds since 1970
	 * @return milliseconds since 1970, or {@link #NEVER}
	 */
	public long expiresAt(long now) {
		return (this.expiresAfter != NEVER)
				? Math.min(this.expiresAt, plus(Math.max(now, deliverAt(now)), this.expiresAfter)) : this.expiresAt;
	}

	/** The sum, or {@link #NEVER} if it is too large. */
	private static long plus(long time, long millis) {
		return (time > 0 && millis > Long.MAX_VALUE - time) ? NEVER : time + millis;
	}

}
