class Session:
    pass


return {"user": "ann", "sessions": [1, Session()]}
