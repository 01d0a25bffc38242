package io.weir.message;

/** Where a new subscription begins. */
public enum InitialPosition {

	/** With the first message stored after the subscription was made. */
	LATEST,
	/** With the oldest message that the topic still has. */
	EARLIEST

}
