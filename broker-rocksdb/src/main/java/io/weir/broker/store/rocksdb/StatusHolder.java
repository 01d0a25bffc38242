package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StorageStatus;
import io.weir.broker.store.StorageStatus.State;

/**
 * Holds how the store is, and says in the log when it begins and ends to be otherwise
 * than serving. Thread-safe.
 */
final class StatusHolder {

	private static final Logger logger = LoggerFactory.getLogger(StatusHolder.class);

	private final Path directory;

	private volatile StorageStatus status = new StorageStatus(State.SERVING, null, Instant.now(), -1);

	private volatile @Nullable StorageException refusal;

	/** When the store ceased to serve. */
	private @Nullable Instant trouble;

	StatusHolder(Path directory) {
		this.directory = directory;
	}

	StorageStatus get() {
		return this.status;
	}

	/** Why nothing can be appended, or {@code null}. */
	@Nullable StorageException refusal() {
		return this.refusal;
	}

	boolean is(State state) {
		return this.status.state() == state;
	}

	synchronized void free(long bytes) {
		StorageStatus last = this.status;
		this.status = new StorageStatus(last.state(), last.reason(), last.since(), bytes);
	}

	/**
	 * Changes the state; nothing but a new reason if it is the same one.
	 * @param reason why, or {@code null} for the reason that there was already
	 */
	synchronized void become(State state, @Nullable String reason) {
		StorageStatus last = this.status;
		boolean serving = state == State.SERVING;
		String why = (reason != null || serving) ? reason : last.reason();
		if (last.state() == State.FAILED || (last.state() == state && Objects.equals(last.reason(), why))) {
			return;
		}
		Instant since = (last.state() == state) ? last.since() : Instant.now();
		this.status = new StorageStatus(state, why, since, last.freeBytes());
		this.refusal = serving ? null : new StorageException((state == State.FAILED) ? Kind.FAILED : Kind.UNAVAILABLE,
				String.valueOf(why), null);
		if (last.state() != state) {
			tell(last.state(), state, String.valueOf(why));
		}
	}

	private void tell(State last, State state, String reason) {
		Instant began = this.trouble;
		if (began == null) {
			began = Instant.now();
			this.trouble = began;
		}
		switch (state) {
			case SERVING -> {
				this.trouble = null;
				logger.info("The store in {} serves again, after {} seconds", this.directory,
						Duration.between(began, Instant.now()).toSeconds());
			}
			case FULL -> logger.warn("The store takes no messages: {}", reason);
			case RECOVERING -> logger.info("The store in {} is opened again", this.directory);
			case UNAVAILABLE -> {
				if (last != State.RECOVERING) {
					logger.error("The store takes no messages: {}", reason);
				}
				else {
					logger.warn("The store could not be opened again and will be tried later: {}", reason);
				}
			}
			case FAILED -> logger.error("The store has failed for good: {}", reason);
		}
	}

	/** Looking after the store failed. */
	void couldNotCheck(Throwable cause) {
		logger.error("The store in {} could not be checked", this.directory, cause);
	}

}
