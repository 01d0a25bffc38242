package io.weir.broker.session;

import io.weir.broker.engine.Effect;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Frame;

/** Says the engine's effects in frames. */
final class Frames {

	private Frames() {
	}

	static Frame of(Effect.Telling effect) {
		if (effect instanceof Effect.Deliver deliver) {
			return deliver(deliver);
		}
		if (effect instanceof Effect.Stored stored) {
			return new Frame.Receipt(stored.position(), stored.duplicate());
		}
		if (effect instanceof Effect.Done || effect instanceof Effect.Unsubscribed) {
			return new Frame.Ok();
		}
		if (effect instanceof Effect.Refused refused) {
			return new Frame.ErrorReply(refused.code(), refused.reason());
		}
		if (effect instanceof Effect.ProducerOpened opened) {
			return new Frame.ProducerOpened(opened.name(), opened.epoch(), opened.lastSequence());
		}
		if (effect instanceof Effect.ProducerClosed closed) {
			return new Frame.ProducerClosed(closed.producer().id(), closed.code(), closed.reason());
		}
		if (effect instanceof Effect.ConsumerClosed closed) {
			return new Frame.ConsumerClosed(closed.consumer().id(), closed.code(), closed.reason());
		}
		throw new IllegalArgumentException("No frame for " + effect);
	}

	/**
	 * The frame takes the entry's buffer over. Of a part of it no producer has made a
	 * checksum.
	 */
	private static Frame deliver(Effect.Deliver deliver) {
		Entry entry = deliver.entry();
		EntryHeader header = entry.header();
		BatchEncoding encoding = (deliver.count() == header.count()) ? header.encoding()
				: BatchEncoding.plain(entry.batch());
		return new Frame.Deliver(deliver.consumer().id(), entry.position(), deliver.redeliveryCount(),
				header.publishTime(), header.producerName(), header.firstSequence(), deliver.firstIndex(),
				deliver.count(), deliver.passOver(), encoding, entry.batch());
	}

}
