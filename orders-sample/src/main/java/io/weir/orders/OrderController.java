package io.weir.orders;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import io.weir.spring.WeirTemplate;

/** Where customers come in. */
@RestController
@RequestMapping("/orders")
class OrderController {

	private final OrderBook orders;

	private final WeirTemplate template;

	OrderController(OrderBook orders, WeirTemplate template) {
		this.orders = orders;
		this.template = template;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.ACCEPTED)
	Order place(@RequestBody NewOrder order) {
		return this.orders.place(order.customer(), order.amount());
	}

	@GetMapping("/{id}")
	ResponseEntity<Order> get(@PathVariable String id) {
		return ResponseEntity.of(this.orders.find(id));
	}

	/** Answers when the broker has stored it: nothing else must happen with it. */
	@PostMapping("/{id}/cancellation")
	@ResponseStatus(HttpStatus.ACCEPTED)
	void cancel(@PathVariable String id) {
		this.template.send(new Cancellation(id));
	}

	record NewOrder(String customer, int amount) {
	}

}
