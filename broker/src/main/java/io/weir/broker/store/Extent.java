package io.weir.broker.store;

/**
 * How much a log has had up to some place, since its beginning: what was trimmed counts.
 *
 * @param messages how many messages
 * @param bytes how many bytes, of batches as they are stored
 */
public record Extent(long messages, long bytes) {

	/** Nothing. */
	public static final Extent NONE = new Extent(0, 0);

}
