package io.weir.broker.session;

import java.util.BitSet;

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
		if (effect instanceof Effect.Done done) {
			return new Frame.Ok(done.firstKept(), null);
		}
		if (effect instanceof Effect.BacklogTold told) {
			return new Frame.Ok(null, told.backlog());
		}
		if (effect instanceof Effect.Unsubscribed) {
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
		if (effect instanceof Effect.MessagesTrimmed trimmed) {
			return new Frame.MessagesTrimmed(trimmed.consumer().id(), trimmed.messages(), trimmed.firstKept());
		}
		if (effect instanceof Effect.ConsumerClosed closed) {
			return new Frame.ConsumerClosed(closed.consumer().id(), closed.code(), closed.reason());
		}
		throw new IllegalArgumentException("No frame for " + effect);
	}

	/**
	 * The frame takes the entry's buffer over. Of a part of it no producer has made a
	 * checksum. One whose bytes have changed goes whole, with the checksum that tells so:
	 * a part of it would be given one that fits.
	 */
	private static Frame deliver(Effect.Deliver deliver) {
		Entry entry = deliver.entry();
		int count = entry.header().count();
		if (deliver.count() == count) {
			return deliver(deliver, 0, count, deliver.passOver(), entry.header().encoding());
		}
		if (!entry.isIntact()) {
			return deliver(deliver, 0, count, passOverOfWhole(deliver), entry.header().encoding());
		}
		BatchEncoding encoding = BatchEncoding.plain(entry.part(deliver.firstIndex(), deliver.count()));
		return deliver(deliver, deliver.firstIndex(), deliver.count(), deliver.passOver(), encoding);
	}

	private static Frame deliver(Effect.Deliver deliver, int firstIndex, int count, BitSet passOver,
			BatchEncoding encoding) {
		Entry entry = deliver.entry();
		EntryHeader header = entry.header();
		return new Frame.Deliver(deliver.consumer().id(), entry.position(), deliver.redeliveryCount(),
				header.publishTime(), header.producerName(), header.firstSequence(), firstIndex, count, passOver,
				encoding, entry.part(firstIndex, count));
	}

	/** All messages of the entry but those that are given. */
	private static BitSet passOverOfWhole(Effect.Deliver deliver) {
		BitSet passOver = new BitSet();
		passOver.set(0, deliver.entry().header().count());
		for (int i = 0; i < deliver.count(); i++) {
			passOver.set(deliver.firstIndex() + i, deliver.passOver().get(i));
		}
		return passOver;
	}

}
