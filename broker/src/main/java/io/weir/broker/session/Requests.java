package io.weir.broker.session;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.GeneratedNames;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.message.Topic;
import io.weir.transport.FrameStream;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ErrorCode.Severity;
import io.weir.wire.Frame;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

/**
 * A client's requests: checks each and sends it, as a command, to the topic that it
 * concerns. On the connection's event loop.
 */
final class Requests {

	private static final int ID_COST = 64;

	private final long session;

	private final Budgets budgets;

	private final IncomingBatches batches;

	private final UnansweredRequests unanswered;

	private final BooleanSupplier deliveryRoom;

	private final BiConsumer<Topic, Command> engine;

	private final PartitionNotices partitions;

	private final SessionProducers producers = new SessionProducers();

	private final SessionConsumers consumers;

	private final Set<Topic> topics = new HashSet<>();

	private final DroppedFrames dropped = new DroppedFrames();

	private boolean draining;

	Requests(long session, Budgets budgets, IncomingBatches batches, UnansweredRequests unanswered,
			PartitionNotices partitions, BooleanSupplier deliveryRoom, BiConsumer<Topic, Command> engine) {
		this.session = session;
		this.partitions = partitions;
		this.budgets = budgets;
		this.batches = batches;
		this.consumers = new SessionConsumers(this.budgets);
		this.deliveryRoom = deliveryRoom;
		this.unanswered = unanswered;
		this.engine = engine;
	}

	/** What a request takes of the credit while it waits, in bytes. */
	static int cost(Frame frame) {
		return Command.Request.COST + ((frame instanceof Frame.Publish publish) ? publish.batch().readableBytes() : 0);
	}

	/** From now on nothing new is taken. */
	void drain() {
		this.draining = true;
	}

	/**
	 * Handles a request.
	 * @param frame the request, released here
	 * @throws ProtocolException if the connection cannot go on
	 */
	void handle(FrameStream stream, long requestId, Frame frame) {
		if (frame instanceof Frame.Flow flow) {
			flow(flow);
		}
		else if (frame instanceof Frame.NegativeAcknowledge negative) {
			negativeAcknowledge(negative);
		}
		else if (requestId == 0) {
			frame.release();
			throw new ProtocolException(ErrorCode.PROTOCOL_VIOLATION,
					frame.getClass().getSimpleName() + " came without a request id");
		}
		else {
			answered(stream, requestId, frame);
		}
	}

	private void answered(FrameStream stream, long requestId, Frame frame) {
		try {
			if (frame instanceof Frame.Publish publish) {
				publish(stream, requestId, publish);
			}
			else if (frame instanceof Frame.Acknowledge acknowledge) {
				acknowledge(stream, requestId, acknowledge);
			}
			else if (frame instanceof Frame.OpenProducer open) {
				openProducer(stream, requestId, open);
			}
			else if (frame instanceof Frame.CloseProducer close) {
				closeProducer(stream, requestId, close);
			}
			else if (frame instanceof Frame.CancelDelayed cancel) {
				cancelDelayed(stream, requestId, cancel);
			}
			else if (frame instanceof Frame.Subscribe subscribe) {
				subscribe(stream, requestId, subscribe);
			}
			else if (frame instanceof Frame.CloseConsumer close) {
				closeConsumer(stream, requestId, close);
			}
			else {
				consumer(stream, requestId, frame);
			}
		}
		catch (ProtocolException ex) {
			// What was accepted is still to be answered when the broker goes away.
			if (ex.code().severity() != Severity.REQUEST && ex.code() != ErrorCode.GOING_AWAY) {
				throw ex;
			}
			this.batches.refusals().count(ex);
			stream.write(requestId, new Frame.ErrorReply(ex.code(), String.valueOf(ex.getMessage())));
		}
	}

	private void openProducer(FrameStream stream, long requestId, Frame.OpenProducer open) {
		checkNotDraining();
		Topic topic = Names.topic(open.topic());
		SessionProducers.Route known = this.producers.find(open.producerId());
		checkFree("Producer", open.producerId(), (known != null) ? known.topic() : null, topic);
		String name = Names.producer((open.name() != null) ? open.name() : GeneratedNames.next());
		Names.checkEpoch(open.epoch());
		ConnectionRoom.check(this.budgets, BrokerLimit.PRODUCERS_PER_CONNECTION, "producers", this.producers.size(),
				known != null);
		this.partitions.opening(topic, stream);
		submit(topic, new Command.OpenProducer(ask(stream, requestId, 0), peer(open.producerId()), name,
				open.name() == null, open.epoch(), open.accessMode()));
		this.producers.put(open.producerId(), new SessionProducers.Route(topic, stream.id()));
		this.topics.add(topic);
		this.dropped.forget(open.producerId());
	}

	private void cancelDelayed(FrameStream stream, long requestId, Frame.CancelDelayed cancel) {
		checkNotDraining();
		SessionProducers.Route route = producer(cancel.producerId());
		Position message = Position.of(cancel.id());
		submit(route.topic(), new Command.CancelDelayed(ask(stream, requestId, 0), peer(cancel.producerId()), message));
	}

	private SessionProducers.Route producer(long id) {
		SessionProducers.Route route = this.producers.find(id);
		if (route == null) {
			throw new ProtocolException(ErrorCode.UNKNOWN_PRODUCER, "No producer " + id + " is open in this session");
		}
		return route;
	}

	private void publish(FrameStream stream, long requestId, Frame.Publish publish) {
		SessionProducers.Route route;
		Command command;
		try {
			checkNotDraining();
			route = producer(publish.producerId());
			this.dropped.check(stream.id(), publish.producerId());
			command = this.batches.command(publish, peer(publish.producerId()),
					(bytes) -> ask(stream, requestId, bytes));
		}
		catch (RuntimeException | Error ex) {
			// There may have been no memory to look into it.
			publish.release();
			throw ex;
		}
		submit(route.topic(), command);
	}

	/** A frame that may come again was dropped. */
	void dropped(FrameStream stream) {
		this.dropped.dropped(stream.id(), this.producers.ids());
	}

	private void closeProducer(FrameStream stream, long requestId, Frame.CloseProducer close) {
		SessionProducers.Route route = this.producers.remove(close.producerId());
		this.dropped.forget(close.producerId());
		if (route == null) {
			stream.write(requestId, new Frame.Ok());
			return;
		}
		submit(route.topic(), new Command.CloseProducer(ask(stream, requestId, 0), peer(close.producerId())));
	}

	private void subscribe(FrameStream stream, long requestId, Frame.Subscribe subscribe) {
		checkNotDraining();
		Topic topic = Names.topic(subscribe.topic());
		SessionConsumers.Route known = this.consumers.find(subscribe.consumerId());
		checkFree("Consumer", subscribe.consumerId(), (known != null) ? known.topic() : null, topic);
		Names.subscription(subscribe.subscription());
		ConnectionRoom.check(this.budgets, BrokerLimit.CONSUMERS_PER_CONNECTION, "consumers", this.consumers.size(),
				known != null);
		this.partitions.asking(subscribe, topic, () -> {
			this.partitions.opening(topic, stream);
			submit(stream, requestId, topic, subscribe, known == null);
		});
		this.topics.add(topic);
	}

	private void submit(FrameStream stream, long requestId, Topic topic, Frame.Subscribe subscribe, boolean isNew) {
		if (isNew) {
			this.consumers.put(subscribe.consumerId(), new SessionConsumers.Route(topic, stream));
		}
		try {
			submit(topic, ConsumerRequest.subscribe(ask(stream, requestId, 0), peer(subscribe.consumerId()), topic,
					subscribe, this.deliveryRoom));
		}
		catch (RuntimeException | Error ex) {
			if (isNew) {
				this.consumers.remove(subscribe.consumerId());
			}
			throw ex;
		}
	}

	private void acknowledge(FrameStream stream, long requestId, Frame.Acknowledge acknowledge) {
		SessionConsumers.Route route = route(acknowledge.consumerId());
		ReplyTo replyTo = ask(stream, requestId, acknowledge.ids().size() * ID_COST);
		submit(route.topic(), new Command.Acknowledge(replyTo, peer(acknowledge.consumerId()), acknowledge.ids()));
	}

	private void consumer(FrameStream stream, long requestId, Frame frame) {
		ConsumerRequest request = ConsumerRequest.of(frame);
		if (request == null) {
			frame.release();
			throw new ProtocolException(ErrorCode.PROTOCOL_VIOLATION,
					frame.getClass().getSimpleName() + " is for the broker to say, not for a client");
		}
		SessionConsumers.Route route = route(request.consumerId());
		this.partitions.asking(frame, route.topic(), () -> submit(route.topic(),
				request.command().apply(ask(stream, requestId, 0), peer(request.consumerId()))));
	}

	private SessionConsumers.Route route(long consumerId) {
		SessionConsumers.Route route = this.consumers.find(consumerId);
		if (route == null) {
			throw new ProtocolException(ErrorCode.UNKNOWN_CONSUMER,
					"No consumer " + consumerId + " is subscribed in this session");
		}
		return route;
	}

	private void closeConsumer(FrameStream stream, long requestId, Frame.CloseConsumer close) {
		SessionConsumers.Route route = this.consumers.remove(close.consumerId());
		if (route == null) {
			stream.write(requestId, new Frame.Ok());
			return;
		}
		submit(route.topic(), new Command.CloseConsumer(ask(stream, requestId, 0), peer(close.consumerId())));
	}

	private void flow(Frame.Flow flow) {
		SessionConsumers.Route route = this.consumers.find(flow.consumerId());
		if (route != null) {
			submit(route.topic(), new Command.Flow(peer(flow.consumerId()), flow.permits()));
			settle(route.topic(), 0);
		}
	}

	private void negativeAcknowledge(Frame.NegativeAcknowledge negative) {
		SessionConsumers.Route route = this.consumers.find(negative.consumerId());
		if (route != null) {
			submit(route.topic(), new Command.NegativeAcknowledge(peer(negative.consumerId()), negative.ids(),
					negative.delay(), negative.forGood(), negative.report()));
			settle(route.topic(), negative.ids().size() * ID_COST + negative.report().size());
		}
	}

	/** Takes credit for what is not answered until the topic has come to it. */
	private void settle(Topic topic, int bytes) {
		submit(topic, new Command.Settle(this.unanswered.addSilent(Command.Request.COST + bytes)));
	}

	/** There is room for deliveries again. */
	void deliverMore() {
		this.consumers.forEach((id, route) -> submit(route.topic(), new Command.DeliveryWritten(peer(id), 0)));
	}

	/** Where a consumer was subscribed, if it is there; on any thread. */
	@Nullable FrameStream streamOfConsumer(long id) {
		SessionConsumers.Route route = this.consumers.find(id);
		return (route != null) ? route.stream() : null;
	}

	/** Where a producer was opened, if it is there; on any thread. */
	@Nullable Long streamOfProducer(long id) {
		SessionProducers.Route route = this.producers.find(id);
		return (route != null) ? route.stream() : null;
	}

	/** Where the topic's producers were opened and its consumers subscribed. */
	Stream<Long> streamsOf(Topic topic) {
		return Stream.concat(this.producers.streamsOf(topic), this.consumers.streamsOf(topic)).distinct();
	}

	/** A producer was not opened. */
	void producerGone(long id) {
		this.producers.remove(id);
	}

	/** A consumer was not subscribed, or is gone without having said so itself. */
	void consumerGone(long id) {
		this.consumers.remove(id);
	}

	/** Nothing can be delivered to a consumer, which is told why. */
	void dismissConsumer(long id, ProtocolException cause) {
		SessionConsumers.Route route = this.consumers.remove(id);
		if (route != null) {
			removeConsumer(id, route);
			route.stream().write(0, new Frame.ConsumerClosed(id, cause.code(), String.valueOf(cause.getMessage())));
		}
	}

	/** The client cannot use the topic; its producers and consumers are told why. */
	void dismiss(Topic topic, ProtocolException cause, Consumer<Effect.ProducerClosed> tell) {
		this.consumers.idsOf(topic).forEach((id) -> dismissConsumer(id, cause));
		this.producers.idsOf(topic).forEach((id) -> {
			tell.accept(new Effect.ProducerClosed(peer(id), cause.code(), String.valueOf(cause.getMessage())));
			this.producers.remove(id);
			submit(topic, new Command.CloseProducer(new ReplyTo(this.session, ReplyTo.NOBODY), peer(id)));
		});
	}

	/** Nothing can be delivered on the stream any more: its consumers are gone. */
	void streamEnded(FrameStream stream, @Nullable Throwable cause) {
		this.batches.refusals().count(cause);
		this.dropped.ended(stream.id());
		this.consumers.removeOf(stream, this::removeConsumer);
	}

	private void removeConsumer(long id, SessionConsumers.Route route) {
		submit(route.topic(), new Command.CloseConsumer(new ReplyTo(this.session, ReplyTo.NOBODY), peer(id)));
	}

	void sessionEnded() {
		this.consumers.end();
		this.topics.forEach((topic) -> submit(topic, new Command.SessionEnded(this.session)));
	}

	private void submit(Topic topic, Command command) {
		try {
			this.engine.accept(topic, command);
		}
		catch (RuntimeException | Error ex) {
			if (command instanceof Command.Request request) {
				this.unanswered.take(request.replyTo());
			}
			throw ex;
		}
	}

	/** Takes from the credit what the request costs, until it is answered. */
	private ReplyTo ask(FrameStream stream, long requestId, int bytes) {
		return this.unanswered.add(stream, requestId, Command.Request.COST + bytes);
	}

	private Peer peer(long id) {
		return new Peer(this.session, id);
	}

	private void checkNotDraining() {
		if (this.draining) {
			throw new ProtocolException(ErrorCode.GOING_AWAY, "The broker is shutting down");
		}
	}

	private static void checkFree(String what, long id, @Nullable Topic used, Topic topic) {
		if (used != null && !used.equals(topic)) {
			throw invalid(what + " id " + id + " is in use for topic " + used);
		}
	}

	private static ProtocolException invalid(String message) {
		return new ProtocolException(ErrorCode.INVALID_REQUEST, message);
	}

}
