package io.weir.broker.store;

/** What a receipt means. */
public enum Durability {

	/** The message is in the broker's memory. */
	MEMORY,

	/**
	 * The message is in the operating system's hands: safe when the broker dies, not when
	 * the machine does.
	 */
	OS,

	/** The message is on the disk, as far as the disk tells the truth. */
	FSYNC

}
