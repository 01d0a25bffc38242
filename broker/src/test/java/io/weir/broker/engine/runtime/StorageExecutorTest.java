package io.weir.broker.engine.runtime;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.Compacting;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.Topic;

import static org.assertj.core.api.Assertions.assertThat;

class StorageExecutorTest {

	@Test
	void messagesThatStayBecauseThereAreTooManyKeysMustBeSaid() {
		Logger logger = (Logger) LoggerFactory.getLogger(KeyReader.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try (MemoryStorageEngine store = new MemoryStorageEngine()) {
			OpenedLog opened = StoreFixture.await(store.open(new Topic("orders"), 1));
			StorageExecutor executor = new StorageExecutor(opened.log(), (outcome) -> {
			}, (failure) -> {
			}, new Admission(store, Long.MAX_VALUE), (error) -> {
			}, () -> {
				throw new IllegalStateException("Nothing is forwarded");
			});
			executor.execute(new Compacting.Finished(0, 0, 1_000_000, 7, 5));
			executor.execute(new Compacting.Finished(0, 0, 1_000_000, 0, 5));
		}
		finally {
			logger.detachAppender(log);
		}
		assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly(
					"Topic orders has more than 1000000 keys: 7 messages of others stay though there may be later ones");
	}

}
