-- Add orders and their lines
-- depends:

-- migrate: apply
CREATE TABLE orders (
    id uuid NOT NULL,
    owner varchar(255) NOT NULL,
    status varchar(16) NOT NULL,
    note varchar(500),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_orders PRIMARY KEY (id),
    CONSTRAINT ck_orders_status CHECK (status IN ('pending', 'confirmed', 'declined', 'cancelled'))
);

CREATE INDEX ix_orders_created_at_id ON orders (created_at, id);

CREATE INDEX ix_orders_owner_created_at_id ON orders (owner, created_at, id);

CREATE TABLE order_lines (
    order_id uuid NOT NULL,
    position smallint NOT NULL,
    sku varchar(64) NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric(12, 2) NOT NULL,
    currency varchar(3) NOT NULL,
    CONSTRAINT pk_order_lines PRIMARY KEY (order_id, position),
    CONSTRAINT fk_order_lines_order_id_orders FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT ck_order_lines_quantity CHECK (quantity > 0),
    CONSTRAINT ck_order_lines_unit_price CHECK (unit_price >= 0)
);

-- migrate: rollback
DROP TABLE order_lines;

DROP TABLE orders;
