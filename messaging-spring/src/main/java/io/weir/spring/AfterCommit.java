package io.weir.spring;

import java.util.concurrent.CompletableFuture;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

import io.weir.client.MessageBuilder;
import io.weir.message.MessageId;

/** Sends messages when the thread's transaction has been committed. */
final class AfterCommit {

	private static final Logger logger = LoggerFactory.getLogger(AfterCommit.class);

	private static final boolean TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.support.TransactionSynchronizationManager",
			AfterCommit.class.getClassLoader());

	private AfterCommit() {
	}

	/**
	 * Sends a message now, or if the thread has a transaction when that is committed.
	 * @return its id; cancelled if the transaction is rolled back
	 */
	static CompletableFuture<MessageId> send(MessageBuilder<?> message) {
		return TRANSACTIONS ? Synchronized.send(message) : message.sendAsync();
	}

	/** Of its own, so that nobody needs transactions who has none. */
	private static final class Synchronized implements TransactionSynchronization {

		private final CompletableFuture<MessageId> result = new CompletableFuture<>();

		private final MessageBuilder<?> message;

		private boolean committed;

		private Synchronized(MessageBuilder<?> message) {
			this.message = message;
		}

		static CompletableFuture<MessageId> send(MessageBuilder<?> message) {
			if (!TransactionSynchronizationManager.isSynchronizationActive()) {
				return message.sendAsync();
			}
			Synchronized synchronization = new Synchronized(message);
			TransactionSynchronizationManager.registerSynchronization(synchronization);
			return synchronization.result;
		}

		@Override
		public void afterCommit() {
			this.committed = true;
			try {
				this.message.sendAsync().whenComplete((id, failure) -> {
					if (failure != null) {
						failed(failure);
					}
					else {
						this.result.complete(id);
					}
				});
			}
			catch (RuntimeException ex) {
				failed(ex);
			}
		}

		/** It is too late to roll back, and nobody may look at the result. */
		private void failed(Throwable failure) {
			logger.error("A transaction was committed, but a message that was to follow it is not sent", failure);
			this.result.completeExceptionally(failure);
		}

		@Override
		public void afterCompletion(int status) {
			if (!this.committed) {
				this.result.cancel(false);
			}
		}

	}

}
