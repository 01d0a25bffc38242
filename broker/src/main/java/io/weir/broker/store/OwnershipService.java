package io.weir.broker.store;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Who owns what, of the brokers that share a store. A newer owner fences the one before:
 * with the older epoch nothing can be opened any more. Safe to use from any thread;
 * stages complete on the storage engine's threads, which the caller must not block, or
 * before they are returned.
 */
public interface OwnershipService {

	/**
	 * Becomes the owner of something, also if somebody else is.
	 * @param resource what to own
	 * @return the ownership, with a higher epoch than any before, also across restarts;
	 * exceptionally {@link StorageException}, of kind
	 * {@link StorageException.Kind#FENCED} if another owner came in between
	 */
	CompletionStage<Ownership> acquire(String resource);

	/**
	 * Tells who owns something.
	 * @param resource what is owned
	 * @return the owner, empty if nobody is; exceptionally {@link StorageException}
	 */
	CompletionStage<Optional<Owner>> owner(String resource);

	/**
	 * Who owns something.
	 *
	 * @param name the broker
	 * @param epoch the epoch of its ownership
	 */
	record Owner(String name, long epoch) {
	}

	/** The ownership of something, until it is released or lost. */
	interface Ownership {

		/**
		 * The epoch, with which logs are opened.
		 * @return the epoch, from 1
		 */
		long epoch();

		/**
		 * Tells when somebody else has become the owner.
		 * @return completes with the reason, never if it is released before
		 */
		CompletionStage<StorageException> lost();

		/**
		 * Gives it up. Harmless when it is lost.
		 * @return completes when others see it; exceptionally {@link StorageException}
		 */
		CompletionStage<Void> release();

	}

}
