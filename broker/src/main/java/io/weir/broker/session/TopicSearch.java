package io.weir.broker.session;

import java.security.Principal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.security.Authorization;
import io.weir.broker.security.Authorizer;
import io.weir.broker.security.Operation;
import io.weir.message.Topic;
import io.weir.message.TopicPattern;
import io.weir.transport.FrameStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Finds topics for a client, a page at a time, and only those that it may consume. On the
 * connection's event loop.
 */
final class TopicSearch {

	private static final Logger logger = LoggerFactory.getLogger(TopicSearch.class);

	/**
	 * How many names are looked at for one request, so that it costs no more than others.
	 */
	private static final int PAGE = 1000;

	/** What a search takes of the session's credit until it is answered, in bytes. */
	private static final int COST = PAGE * 32;

	private final TopicNames names;

	private final Authorizer authorizer;

	private final Credit credit;

	TopicSearch(TopicNames names, Authorizer authorizer, Credit credit) {
		this.names = names;
		this.authorizer = authorizer;
		this.credit = credit;
	}

	/**
	 * Answers a request, now or later. What cannot be decided is not left out, or the
	 * client would take it for gone: the request fails, to be made again.
	 */
	void find(Principal principal, FrameStream stream, long requestId, Frame.FindTopics find) {
		TopicPattern pattern;
		try {
			pattern = new TopicPattern(find.pattern());
			Names.subscription(find.subscription());
		}
		catch (IllegalArgumentException | ProtocolException ex) {
			stream.write(requestId, new Frame.ErrorReply(ErrorCode.INVALID_REQUEST, String.valueOf(ex.getMessage())));
			return;
		}
		this.credit.use(COST);
		List<String> page = this.names.find(pattern.prefix(), find.after(), PAGE);
		List<CompletableFuture<List<String>>> allowed = page.stream()
			.filter((name) -> !name.contains(Topic.SEPARATOR) && pattern.matches(name))
			.map((name) -> ifAllowed(principal, name, find.subscription()))
			.toList();
		CompletableFuture.allOf(allowed.toArray(CompletableFuture[]::new)).whenComplete((all, failure) -> {
			this.credit.giveBack(COST);
			stream.write(requestId,
					(failure == null)
							? new Frame.Topics(allowed.stream().flatMap((each) -> each.join().stream()).toList(),
									(page.size() < PAGE) ? null : page.get(PAGE - 1))
							: new Frame.ErrorReply(ErrorCode.INTERNAL, "The broker could not decide which topics '"
									+ principal.getName() + "' may consume; try again"));
		});
	}

	/** The name, or nothing. */
	private CompletableFuture<List<String>> ifAllowed(Principal principal, String name, String subscription) {
		CompletableFuture<Authorization> decision;
		try {
			decision = this.authorizer
				.authorize(principal, new Operation(Operation.Action.CONSUME, new Topic(name), subscription))
				.thenApply((made) -> made)
				.toCompletableFuture();
		}
		catch (RuntimeException ex) {
			decision = CompletableFuture.failedFuture(ex);
		}
		return decision.orTimeout(AccessGate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
			.whenComplete((made, failure) -> {
				if (failure != null) {
					logger.warn("It could not be decided whether '{}' may consume topic '{}'", principal.getName(),
							name, failure);
				}
			})
			.thenApply((made) -> (made instanceof Authorization.Denied) ? List.of() : List.of(name));
	}

}
