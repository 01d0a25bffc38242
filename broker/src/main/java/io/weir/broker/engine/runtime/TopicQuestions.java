package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** What is asked of a topic and cannot be answered yet. On the topic's thread. */
final class TopicQuestions {

	private final BooleanSupplier canAnswer;

	private final BooleanSupplier idle;

	/** A list of its own as long as somebody waits. */
	private List<Runnable> questions = List.of();

	private List<CompletableFuture<Void>> awaitingIdle = List.of();

	/**
	 * Nothing is asked.
	 * @param canAnswer whether questions can be answered now
	 * @param idle whether nothing waits for the store
	 */
	TopicQuestions(BooleanSupplier canAnswer, BooleanSupplier idle) {
		this.canAnswer = canAnswer;
		this.idle = idle;
	}

	/** Answers a question, now or later. */
	void ask(Runnable question) {
		this.questions = with(this.questions, question);
		look();
	}

	/** Says once that nothing waits for the store. */
	void whenIdle(CompletableFuture<Void> waiting) {
		this.awaitingIdle = with(this.awaitingIdle, waiting);
		look();
	}

	private static <T> List<T> with(List<T> list, T next) {
		List<T> more = list.isEmpty() ? new ArrayList<>(1) : list;
		more.add(next);
		return more;
	}

	/** Something has happened, after which there may be answers. */
	void look() {
		if (!this.questions.isEmpty() && this.canAnswer.getAsBoolean()) {
			List<Runnable> answered = this.questions;
			this.questions = List.of();
			answered.forEach(Runnable::run);
		}
		if (!this.awaitingIdle.isEmpty() && this.idle.getAsBoolean()) {
			List<CompletableFuture<Void>> answered = this.awaitingIdle;
			this.awaitingIdle = List.of();
			answered.forEach((waiting) -> waiting.complete(null));
		}
	}

}
