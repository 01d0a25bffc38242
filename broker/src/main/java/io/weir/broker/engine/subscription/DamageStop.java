package io.weir.broker.engine.subscription;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.dispatch.Backlog;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * Where a subscription has come to an entry that is damaged. It stops there until the
 * entry is skipped, or passed over in another way: nobody but an administrator may decide
 * that messages are given up.
 */
final class DamageStop {

	private final Backlog backlog;

	private @Nullable Damage damage;

	/** Whether something was skipped since the last read was asked for, perhaps. */
	private boolean skippedSince;

	DamageStop(Backlog backlog) {
		this.backlog = backlog;
	}

	/**
	 * Something could not be read.
	 * @return what consumers are told, who come again by themselves if it is damaged
	 */
	StorageFailure readFailed(Storing.Read read, StorageFailure failure) {
		if (failure.code() != ErrorCode.TOPIC_DAMAGED) {
			return failure;
		}
		if (!this.skippedSince) {
			this.damage = new Damage(read.from(), failure.reason());
		}
		// Perhaps it is gone: those who come again find out.
		this.skippedSince = false;
		return new StorageFailure(ErrorCode.ENTRY_DAMAGED, failure.reason());
	}

	/** Damaged entries were skipped: it goes on, as if all of them were acknowledged. */
	void skipped(Map<Position, Integer> entries) {
		entries.forEach((position, count) -> this.backlog.ledger()
			.messages(position, count)
			.forEach((index) -> this.backlog.acknowledge(position.message(index))));
		this.damage = null;
		this.skippedSince = this.backlog.isReading();
	}

	/** Why nothing is read, or {@code null}. */
	@Nullable String reason() {
		if (this.damage != null && !this.backlog.ledger().isToBeRead(this.damage.at())) {
			this.damage = null;
		}
		return (this.damage != null) ? this.damage.reason() : null;
	}

	/** What cannot be read, and why. */
	private record Damage(Position at, String reason) {
	}

}
