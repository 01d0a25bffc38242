package io.weir.concurrent;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CausesTest {

	private final IOException failure = new IOException("disk", new IllegalStateException("behind"));

	@Test
	void whatFuturesWrapAroundAFailureIsTakenOff() {
		assertThat(Causes.unwrap(new CompletionException(new ExecutionException(this.failure)))).isSameAs(this.failure);
		assertThat(Causes.unwrap(this.failure)).isSameAs(this.failure);
		CompletionException bare = new CompletionException("no cause", null);
		assertThat(Causes.unwrap(bare)).isSameAs(bare);
	}

	@Test
	void theFirstCauseOfATypeIsFound() {
		RuntimeException wrapped = new RuntimeException(this.failure);
		assertThat(Causes.find(wrapped, IOException.class)).isSameAs(this.failure);
		assertThat(Causes.find(wrapped, RuntimeException.class)).isSameAs(wrapped);
		assertThat(Causes.find(wrapped, InterruptedException.class)).isNull();
		assertThat(Causes.find(null, IOException.class)).isNull();
	}

	@Test
	void causesInACircleEndTheSearch() {
		RuntimeException one = new RuntimeException("one");
		one.initCause(new RuntimeException("two", one));
		assertThat(Causes.find(one, IOException.class)).isNull();
	}

	@Test
	void failureThatSaysNothingIsCalledByItsClass() {
		assertThat(Causes.text(new IllegalStateException("broken")))
			.isEqualTo("java.lang.IllegalStateException: broken");
		assertThat(Causes.text(new Unprintable())).isEqualTo(Unprintable.class.getName());
	}

	private static final class Unprintable extends RuntimeException {

		private static final long serialVersionUID = 1;

		@Override
		public String getMessage() {
			throw new IllegalStateException("No message, on purpose");
		}

	}

}
