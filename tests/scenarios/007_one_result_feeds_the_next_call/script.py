# Find the newest order of a customer, then its parcel, then where the parcel is.
customer = await tools.find_customer(email="ann@example.org")
orders = await tools.list_orders(customer_id=customer["id"])
newest = max(orders, key=lambda order: order.placed)
parcel = await tools.track(number=newest.parcel)
return {"order": newest["id"], "where": parcel.location.city, "exit": parcel.get("exit")}
