package io.weir.broker.engine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.weir.message.Position;
import io.weir.wire.ErrorCode;

/**
 * Has a subscription's acknowledgements stored, one write at a time; what comes meanwhile
 * goes together with the next. A request is answered when everything that it may have
 * changed is stored.
 */
final class AckWriter {

	private final String subscription;

	private final AckLedger ledger;

	private final Consumer<Effect> out;

	private List<ReplyTo> waiting = new ArrayList<>();

	private List<ReplyTo> beingStored = new ArrayList<>();

	private NavigableMap<Position, Supplier<BitSet>> changes = new TreeMap<>();

	private boolean writing;

	AckWriter(String subscription, AckLedger ledger, Consumer<Effect> out) {
		this.subscription = subscription;
		this.ledger = ledger;
		this.out = out;
	}

	void request(ReplyTo replyTo) {
		this.waiting.add(replyTo);
		write();
	}

	void stored() {
		this.writing = false;
		this.changes.clear();
		takeBeingStored().forEach((replyTo) -> this.out.accept(new Effect.Done(replyTo)));
		write();
	}

	void failed(String reason) {
		this.writing = false;
		this.ledger.putBack(this.changes);
		takeBeingStored()
			.forEach((replyTo) -> this.out.accept(new Effect.Refused(replyTo, ErrorCode.STORAGE_FAILED, reason)));
		write();
	}

	private void write() {
		if (this.writing || this.waiting.isEmpty()) {
			return;
		}
		this.beingStored = this.waiting;
		this.waiting = new ArrayList<>();
		if (!this.ledger.hasChanges()) {
			takeBeingStored().forEach((replyTo) -> this.out.accept(new Effect.Done(replyTo)));
			return;
		}
		this.writing = true;
		this.changes = this.ledger.takeChanges();
		Position upTo = this.ledger.acknowledgedUpTo();
		Map<Position, BitSet> entries = new TreeMap<>();
		this.changes.tailMap(upTo, false).forEach((position, bits) -> entries.put(position, bits.get()));
		this.out.accept(new Effect.StoreAcknowledgements(this.subscription, upTo, entries));
	}

	private List<ReplyTo> takeBeingStored() {
		List<ReplyTo> taken = this.beingStored;
		this.beingStored = new ArrayList<>();
		return taken;
	}

}
