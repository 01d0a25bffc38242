package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.weir.broker.engine.context.Sparse;

/** What is asked of a topic and cannot be answered yet. On the topic's thread. */
final class TopicQuestions {

	private final TopicWriter writer;

	/** A list of its own as long as somebody waits. */
	private List<Runnable> questions = List.of();

	private List<CompletableFuture<Void>> awaitingIdle = List.of();

	TopicQuestions(TopicWriter writer) {
		this.writer = writer;
	}

	/** Answers a question, now or later. */
	void ask(Runnable question) {
		this.questions = Sparse.with(this.questions, question);
		look();
	}

	/** Says once that nothing waits for the store. */
	void whenIdle(CompletableFuture<Void> waiting) {
		this.awaitingIdle = Sparse.with(this.awaitingIdle, waiting);
		look();
	}

	/** Something has happened, after which there may be answers. */
	void look() {
		if (!this.questions.isEmpty() && this.writer.state().canAnswer()) {
			List<Runnable> answered = this.questions;
			this.questions = List.of();
			answered.forEach(Runnable::run);
		}
		if (!this.awaitingIdle.isEmpty() && this.writer.state().isIdle()) {
			List<CompletableFuture<Void>> answered = this.awaitingIdle;
			this.awaitingIdle = List.of();
			answered.forEach((waiting) -> waiting.complete(null));
		}
	}

}
