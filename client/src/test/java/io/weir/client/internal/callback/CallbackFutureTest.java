package io.weir.client.internal.callback;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CallbackFutureTest {

	private final Queue<Runnable> callbacks = new ArrayDeque<>();

	private final CompletableFuture<String> source = new CompletableFuture<>();

	private final CompletableFuture<String> future = CallbackFuture.of(this.source, this.callbacks::add);

	private final List<String> told = new ArrayList<>();

	@Test
	void whoWaitsHasTheOutcomeBeforeDependentsAreTold() throws Exception {
		this.future.thenAccept(this.told::add);
		this.source.complete("stored");
		assertThat(this.future.isDone()).isTrue();
		assertThat(this.future.join()).isEqualTo("stored");
		assertThat(this.future.get()).isEqualTo("stored");
		assertThat(this.future.get(0, TimeUnit.SECONDS)).isEqualTo("stored");
		assertThat(this.future.getNow("absent")).isEqualTo("stored");
		assertThat(this.told).isEmpty();
		this.callbacks.remove().run();
		assertThat(this.told).containsExactly("stored");
		assertThat(this.callbacks).isEmpty();
	}

	@Test
	void dependentsOfCombinedFuturesAreToldAsWell() {
		CompletableFuture.allOf(this.future).thenRun(() -> this.told.add("all"));
		CompletableFuture.completedFuture("a").thenCompose((a) -> this.future).thenAccept(this.told::add);
		this.source.complete("stored");
		assertThat(this.told).isEmpty();
		this.callbacks.remove().run();
		assertThat(this.told).containsExactlyInAnyOrder("all", "stored");
	}

	@Test
	void failureIsToldAsItIs() {
		RuntimeException cause = new RuntimeException("refused");
		this.future.exceptionally((failure) -> {
			assertThat(failure).isSameAs(cause);
			this.told.add("failed");
			return "";
		});
		this.source.completeExceptionally(cause);
		assertThat(this.future).isCompletedExceptionally();
		this.callbacks.remove().run();
		assertThat(this.told).containsExactly("failed");
		assertThatExceptionOfType(Exception.class).isThrownBy(this.future::get).withCause(cause);
	}

	@Test
	void cancellingReachesTheSourceAndTellsAtOnce() {
		this.future.whenComplete((value, failure) -> this.told.add(String.valueOf(this.future.isCancelled())));
		assertThat(this.future.cancel(false)).isTrue();
		assertThat(this.source).isCancelled();
		assertThat(this.future).isCancelled();
		assertThat(this.told).containsExactly("true");
		this.callbacks.forEach(Runnable::run);
		assertThat(this.told).containsExactly("true");
	}

	@Test
	void applicationMayGiveUpInTime() {
		CompletableFuture<String> late = this.future.orTimeout(1, TimeUnit.MILLISECONDS)
			.exceptionally((failure) -> failure.getClass().getName());
		assertThat(late).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(TimeoutException.class.getName());
		assertThat(this.future).isCompletedExceptionally();
	}

	@Test
	void futureThatIsDoneNeedsNoCallback() {
		assertThat(CallbackFuture.of(CompletableFuture.completedFuture("a"), this.callbacks::add).thenApply((a) -> a))
			.isCompletedWithValue("a");
		assertThat(this.callbacks).isEmpty();
	}

}
