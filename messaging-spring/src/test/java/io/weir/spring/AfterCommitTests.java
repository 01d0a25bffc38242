package io.weir.spring;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import io.weir.client.WeirException;
import io.weir.message.MessageId;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class AfterCommitTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final WeirTemplate template = new WeirTemplate(new DefaultWeirProducerFactory(this.client),
			new WeirSchemas(JsonMapper.builder().build()));

	private final TransactionTemplate transactions = new TransactionTemplate(new NoDatabase());

	private List<String> sent() {
		return this.client.producers.stream().flatMap((producer) -> producer.payloads().stream()).toList();
	}

	@Test
	void messageIsSentWhenTheTransactionIsCommittedAndInOrder() {
		CompletableFuture<MessageId> id = this.transactions.execute((status) -> {
			CompletableFuture<MessageId> first = this.template.sendAfterCommit("t", "one");
			this.template.sendAfterCommit(this.template.message("t", "two").key("k"));
			assertThat(sent()).isEmpty();
			assertThat(first).isNotDone();
			return first;
		});
		assertThat(sent()).containsExactly("one", "two");
		assertThat(this.client.producers.get(0).sent.get(1).key()).isEqualTo("k");
		assertThat(id).isCompleted();
	}

	@Test
	void messageIsNotSentWhenTheTransactionIsRolledBack() {
		CompletableFuture<MessageId> id = this.transactions.execute((status) -> {
			status.setRollbackOnly();
			return this.template.sendAfterCommit("t", "one");
		});
		assertThat(sent()).isEmpty();
		assertThat(id).isCancelled();
	}

	@Test
	void messageIsSentAtOnceWithoutATransaction() {
		assertThat(this.template.sendAfterCommit("t", "one")).isCompleted();
		assertThat(sent()).containsExactly("one");
	}

	@Test
	void whatFailsAfterTheCommitFailsTheFutureOnly() {
		this.template.send("t", "before");
		this.client.producers.get(0).refusal = new WeirException(ErrorCode.TIMEOUT, "late");
		CompletableFuture<MessageId> id = this.transactions
			.execute((status) -> this.template.sendAfterCommit("t", "one"));
		assertThat(id).isCompletedExceptionally();
	}

	/** Transactions of nothing. */
	private static final class NoDatabase extends AbstractPlatformTransactionManager {

		private static final long serialVersionUID = 1;

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			// There is nothing to begin.
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			// There is nothing to commit.
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			// There is nothing to roll back.
		}

	}

}
