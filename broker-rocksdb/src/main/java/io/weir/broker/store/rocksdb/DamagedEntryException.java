package io.weir.broker.store.rocksdb;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Damage;
import io.weir.broker.store.StorageException;

/** An entry of a log is not as it was written. */
final class DamagedEntryException extends StorageException {

	private final transient Damage damage;

	DamagedEntryException(Damage damage, @Nullable Throwable cause) {
		super(Kind.DAMAGED, damage.reason(), cause);
		this.damage = damage;
	}

	Damage damage() {
		return this.damage;
	}

}
