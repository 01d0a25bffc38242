package io.weir.spring;

/**
 * Lets a listener method say itself what becomes of its message, or of all messages of
 * its batch, with {@link AckMode#MANUAL}. Safe to use from any thread, also after the
 * method has returned; only the first call counts.
 */
public interface Acknowledgement {

	/** Says that the message is done with. Does not wait. */
	void acknowledge();

	/** Gives the message back, to be delivered again soon. */
	void negativeAcknowledge();

}
