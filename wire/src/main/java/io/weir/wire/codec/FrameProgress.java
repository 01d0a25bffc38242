package io.weir.wire.codec;

/**
 * Tells whether an incomplete frame gets on. It is looked at again and again, in even
 * intervals, and must have gained a part of its length since the last look. So whoever
 * sends slowly has time in proportion to the number of intervals, whatever the length,
 * and nobody keeps memory by sending next to nothing. Used by one thread.
 */
public final class FrameProgress {

	/** A frame gets on if such a part of it has come since the last look. */
	public static final int PARTS = 64;

	private static final long NONE = -1;

	private long frame = NONE;

	private long come;

	/**
	 * Looks at the frame that is incomplete now.
	 * @param frame which it is; not negative, another one for each
	 * @param length how long it will be
	 * @param come how much of it has come
	 * @return whether it was there at the last look and has gained too little
	 */
	public boolean isTooSlow(long frame, long length, long come) {
		boolean slow = frame == this.frame && come - this.come < Math.max(1, length / PARTS);
		this.frame = frame;
		this.come = come;
		return slow;
	}

	/**
	 * Nothing is incomplete now, or the delay is not the sender's: forgets the last look.
	 */
	public void reset() {
		this.frame = NONE;
	}

}
