package io.weir.orders;

import java.util.Optional;
import java.util.UUID;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

import io.weir.orders.Order.Status;

/** The orders in the database. */
@Repository
public class OrderBook {

	private final JdbcClient database;

	private final ApplicationEventPublisher events;

	OrderBook(JdbcClient database, ApplicationEventPublisher events) {
		this.database = database;
		this.events = events;
	}

	/** The event is in the same transaction: both are stored, or neither is. */
	@Transactional
	public Order place(String customer, int amount) {
		Order order = new Order(UUID.randomUUID().toString(), customer, amount, Status.PLACED);
		this.database.sql("insert into orders (id, customer, amount, status) values (?, ?, ?, ?)")
			.params(order.id(), customer, amount, order.status().name())
			.update();
		this.events.publishEvent(new OrderPlaced(order.id(), customer, amount));
		return order;
	}

	/** Does nothing the second time: messages may come twice. */
	public void close(String order, Status status) {
		this.database.sql("update orders set status = ? where id = ? and status = 'PLACED'")
			.params(status.name(), order)
			.update();
	}

	public Optional<Order> find(String id) {
		return this.database.sql("select id, customer, amount, status from orders where id = ?")
			.param(id)
			.query(Order.class)
			.optional();
	}

}
